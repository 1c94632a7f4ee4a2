#!/bin/sh
# Fetch the pinned front-end files from npm and put them under portal/static/vendor. Run it only to change a version, to add
# an icon or to use a class of Tabler's that no page used before (tests/house tells): its results are committed, so that neither ./run nor ./test needs npm.
#   sh setup/vendor-frontend.sh
set -eu
export LC_ALL=C
tabler=1.6.1 icons=3.51.0 htmx=2.0.11 signature=5.1.4 qr=1.4.0 axe=4.14.1 purge=8.0.0
root=$(cd "$(dirname "$0")/.." && pwd)
vendor=$root/portal/static/vendor
checks=$root/tests/browser/vendor
command -v npm >/dev/null || { echo "npm is missing: apt-get install npm" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/vendor.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
npm install --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel=error \
  "@tabler/core@$tabler" "@tabler/icons@$icons" "htmx.org@$htmx" "signature_pad@$signature" "jsqr@$qr" \
  "axe-core@$axe" "purgecss@$purge"
from=$work/node_modules
mkdir -p "$vendor" "$checks"

# Of Tabler's rules only those that a page of ours can meet: a phone outdoors loads a fifteenth of them. Its inline pictures go
# as well: the Content-Security-Policy shuts them out, and site.css draws its own. The map comments point at files that are
# not served: a browser with open tools would ask for them in vain.
"$from/.bin/purgecss" --variables --css "$from/@tabler/core/dist/css/tabler.min.css" --output "$work/tabler.css" \
  --content "$root/portal/templates/**/*.html" "$root/portal/**/*.py" "$root/portal/static/js/*.js"
sed -E 's/url\("data:[^"]*"\)/none/g; /^\/\*# sourceMappingURL/d' "$work/tabler.css" > "$vendor/tabler.min.css"
classes() { grep -oE '\.[a-z][a-zA-Z0-9_-]*' "$1" | sort -u; }
classes "$vendor/tabler.min.css" > "$work/kept"
classes "$from/@tabler/core/dist/css/tabler.min.css" | comm -23 - "$work/kept" | tr -d . | tr '\n' ' ' | fold -s -w 120 > "$root/setup/tabler-left-out.txt"
cp "$from/htmx.org/dist/htmx.min.js" "$vendor/htmx.min.js"
grep -v '^//# sourceMappingURL' "$from/signature_pad/dist/signature_pad.umd.min.js" > "$vendor/signature_pad.umd.min.js"
cp "$from/jsqr/dist/jsQR.js" "$vendor/jsQR.js"
cp "$from/axe-core/axe.min.js" "$checks/axe.min.js"

# One sprite: the icons listed in setup/icons.txt and every icon that a template or a Python file names.
{
  grep -v '^#' "$root/setup/icons.txt" | tr ' ' '\n'
  grep -rhoE --include='*.html' "icon\\('[a-z0-9-]+'|icon=['\"][a-z0-9-]+['\"]" "$root/portal/templates" | grep -oE "['\"][a-z0-9-]+" | tr -d "'\""
  grep -rhoE --include='*.py' "icon=\"[a-z0-9-]+\"" "$root/portal" | grep -oE '"[a-z0-9-]+' | tr -d '"'
} | grep -v '^$' | sort -u > "$work/names"
{
  echo '<svg xmlns="http://www.w3.org/2000/svg">'
  while read -r name; do
    drawing=$from/@tabler/icons/icons/outline/$name.svg
    [ -f "$drawing" ] || { echo "no icon is called $name" >&2; exit 1; }
    echo "<symbol id=\"$name\" viewBox=\"0 0 24 24\">"
    grep '^  <' "$drawing" | grep -v 'stroke="none"'
    echo '</symbol>'
  done < "$work/names"
  echo '</svg>'
} > "$work/icons.svg"
mv "$work/icons.svg" "$vendor/icons.svg"

{
  echo "Third-party files, unchanged but for source-map comments (removed) and Tabler (only the rules that our pages use, no inline pictures)."
  echo
  echo "file                        package                 version   licence    sha256"
  line() { printf '%-27s %-23s %-9s %-10s %s\n' "$1" "$2" "$3" "$4" "$(sha256sum "$vendor/$1" | cut -d' ' -f1)"; }
  line tabler.min.css @tabler/core "$tabler" MIT
  line icons.svg @tabler/icons "$icons" MIT
  line htmx.min.js htmx.org "$htmx" 0BSD
  line signature_pad.umd.min.js signature_pad "$signature" MIT
  line jsQR.js jsqr "$qr" Apache-2.0
} > "$vendor/VERSIONS"
{
  for package in @tabler/icons htmx.org signature_pad jsqr; do
    printf '== %s ==\n\n' "$package"
    cat "$from/$package/LICENSE"
    printf '\n'
  done
  printf '== @tabler/core ==\n\nMIT, the text of @tabler/icons above: Copyright (c) 2018-2026 The Tabler Authors\n'
} > "$vendor/LICENCES"
printf 'axe.min.js of npm axe-core %s (MPL-2.0), used by browser tests only\n' "$axe" > "$checks/VERSIONS"
