"""What a clause says: where every clause tag leads."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from portal.access import public
from portal.blueprints.public import bp
from portal.wording.clauses import book_of, clause_page


@bp.get("/clauses/")
@public
def list_clauses() -> ResponseReturnValue:
    """Every clause, in the order of the book."""
    return render_template("public/clauses/list.html", book=book_of())


@bp.get("/clauses/<clause_id>")
@public
def show_clause(clause_id: str) -> ResponseReturnValue:
    """One clause in both languages, the reader's first."""
    page = clause_page(clause_id)
    return render_template("public/clauses/page.html", page=page) if page else abort(404)
