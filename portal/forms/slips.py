"""What is signed on a visit slip: strokes and picture from the glass, or the photograph of the paper slip."""

from __future__ import annotations

import base64
import binascii
import json
import math
from io import BytesIO
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from PIL import Image, ImageOps, UnidentifiedImageError
from wtforms import Field, FloatField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from portal.forms.editions import SeenField
from portal.forms.texts import Needed, Plain, tidy, values_of
from portal.models.visits import PARTIES, REFUSERS

LARGEST_DRAWING = 200_000
LARGEST_PHOTO = 10 * 1024 * 1024
_MOST_POINTS = 20_000
_MOST_PIXELS = 60_000_000
#: Of a drawn signature: what a large tablet sends is a third of it, and reading it takes a dozen bytes for each.
_MOST_PIXELS_DRAWN = 16_000_000
_SHORTEST_INK = 30.0
_PAD_SIZES = (40.0, 4000.0)
_LONGEST_SIDE = 1800
_SMALLEST_PHOTO = 200
_PHOTO_KINDS = ("JPEG", "PNG", "WEBP")
_PNG = "data:image/png;base64,"
#: What Pillow raises for bytes that are no picture, or one made to do harm.
_NOT_A_PICTURE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)

Drawing = list[list[list[float]]]


class SignatureForm(FlaskForm):
    """One party's signature. ``strokes`` is ``[[[x, y, ms], …], …]`` in CSS pixels, ``image`` the same as a PNG."""

    who = HiddenField()
    strokes = HiddenField()
    width = FloatField()
    height = FloatField()
    image = HiddenField()

    not_done = _l("这次没有收到签字。")

    def validate_who(self, field: Field) -> None:
        if field.data not in PARTIES:
            raise ValidationError(_("没有这一方的签字处。"))

    def validate_strokes(self, field: Field) -> None:
        self.drawn = _read_strokes(field.data or "")
        if _length(self.drawn) < _SHORTEST_INK:
            raise ValidationError(_("还没有签字，或者太短，请重写。"))

    def validate_width(self, field: Field) -> None:
        _check_side(field.data)

    def validate_height(self, field: Field) -> None:
        _check_side(field.data)

    def validate_image(self, field: Field) -> None:
        self.picture = _read_picture(field.data or "")

    def problem(self) -> str:
        """What is wrong with the signature, in one sentence; empty when nothing is."""
        return next((str(errors[0]) for errors in self.errors.values() if errors), "")

    def values(self) -> dict[str, Any]:
        pad = {"strokes": self.drawn, "width": self.width.data, "height": self.height.data}
        return {"party": self.who.data, "strokes": pad, "image": self.picture}


class SlipSignatureForm(SignatureForm):
    """A signature under the visit slip as it was shown."""

    refusal: Any = None
    seen = SeenField()

    def values(self) -> dict[str, Any]:
        return super().values() | {"seen": self.seen.data}


class PaperSlipForm(FlaskForm):
    """A photograph of the signed paper; kept upright, smaller, and without what the camera wrote into it."""

    photo = FileField(_l("签好的纸质单照片"))
    seen = SeenField()

    not_done = _l("这次没有收到签字。")

    def validate_photo(self, field: Field) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择或拍摄签好的纸质单。"))
        with field.data.stream as stream:
            content = stream.read(LARGEST_PHOTO + 1)
        if len(content) > LARGEST_PHOTO:
            raise ValidationError(_("照片超过 10 MB，请拍小一些再交。"))
        self.kept = _clean_photo(content)

    def values(self) -> dict[str, Any]:
        return {"photo": self.kept, "seen": self.seen.data}


class DeclineForm(FlaskForm):
    """Who will not sign, and the reason that was given; the front desk itself does not refuse."""

    party = HiddenField(_l("谁拒签"), default="customer")
    reason = TextAreaField(_l("拒签原因"), [Needed(_l("写明对方说的原因。")), Plain(200, lines=True)], filters=[tidy])
    seen = SeenField()

    not_done = _l("没有记下拒签。")
    refusal: Any = None

    def validate_party(self, field: Field) -> None:
        if field.data not in REFUSERS:
            raise ValidationError(_("请选择拒签的是哪一方。"))

    def values(self) -> dict[str, Any]:
        return values_of(self)


def _read_strokes(text: str) -> Drawing:
    if not text:
        raise ValidationError(_("还没有签字。"))
    if len(text) > LARGEST_DRAWING:
        raise ValidationError(_("签字的笔画太多，请重写。"))
    try:
        strokes = json.loads(text, parse_constant=_no_constant)
        return _checked(strokes)
    except (ValueError, TypeError, RecursionError):
        raise ValidationError(_("没有读懂签字，请重写。")) from None


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _checked(strokes: Any) -> Drawing:
    """The strokes as numbers. Raises ValueError or TypeError for anything else."""
    if not isinstance(strokes, list) or sum(len(stroke) for stroke in strokes) > _MOST_POINTS:
        raise ValueError
    return [[_point(*point) for point in stroke] for stroke in strokes if stroke]


def _point(x: Any, y: Any, moment: Any) -> list[float]:
    for number in (x, y, moment):
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise ValueError
    if abs(x) > 2 * _PAD_SIZES[1] or abs(y) > 2 * _PAD_SIZES[1] or not 0 <= moment < 24 * 3600 * 1000:
        raise ValueError
    return [x, y, moment]


def _length(strokes: Drawing) -> float:
    """How much ink there is, in CSS pixels: a dot or a tap is no signature."""
    return sum(math.dist(here[:2], after[:2]) for stroke in strokes for here, after in pairwise(stroke))


def _check_side(side: float | None) -> None:
    if side is None or not _PAD_SIZES[0] <= side <= _PAD_SIZES[1]:
        raise ValidationError(_("没有读懂签字框的大小，请重写。"))


def _read_picture(text: str) -> bytes:
    if not text.startswith(_PNG):
        raise ValidationError(_("缺少签字的图像，请重写。"))
    if len(text) > LARGEST_DRAWING * 4 // 3 + len(_PNG):
        raise ValidationError(_("签字的图像太大，请重写。"))
    try:
        content = base64.b64decode(text.removeprefix(_PNG), validate=True)
        inked = _has_ink(content)
    except (binascii.Error, *_NOT_A_PICTURE):
        raise ValidationError(_("签字的图像不完整，请重写。")) from None
    if not inked:
        raise ValidationError(_("签字的图像是空白的，请重写。"))
    return content


def _has_ink(content: bytes) -> bool:
    with Image.open(BytesIO(content), formats=["PNG"]) as image:
        if image.width * image.height > _MOST_PIXELS_DRAWN:
            raise ValueError
        grey = image.convert("RGBA").convert("LA")
    darkest, lightest = grey.getchannel("L").getextrema()
    faintest, strongest = grey.getchannel("A").getextrema()
    return bool(strongest) and (darkest != lightest or faintest != strongest)


def _clean_photo(content: bytes) -> bytes:
    """The picture by what it is, not by its name, written anew: nothing of the file but its pixels is kept."""
    try:
        narrowest, upright = _small_and_upright(content)
    except _NOT_A_PICTURE:
        raise ValidationError(_("这不是 JPEG、PNG 或 WebP 照片，或者文件不完整、像素过多。")) from None
    if narrowest < _SMALLEST_PHOTO:
        raise ValidationError(_("照片太小，看不清签字。"))
    written = BytesIO()
    upright.save(written, "JPEG", quality=78)
    return written.getvalue()


def _small_and_upright(content: bytes) -> tuple[int, Image.Image]:
    """How narrow it was, and the picture: made smaller before all else, so that one of any size takes little memory."""
    with Image.open(BytesIO(content), formats=_PHOTO_KINDS) as image:
        if image.width * image.height > _MOST_PIXELS:
            raise ValueError("too many pixels")
        narrowest = min(image.size)
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        return narrowest, ImageOps.exif_transpose(image).convert("RGB")
