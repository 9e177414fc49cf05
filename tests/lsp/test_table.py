"""Nothing is offered that no test makes use of; the documentation says which does."""

import os
from pathlib import Path

import pytest

from offered import BY_EDITOR

EDITOR_PAGE = Path(__file__).parents[2] / "docs" / "editor.md"
HEADING = "## Capabilities and their tests\n"


def claims(session):
    """Capability -> names of the tests that make use of it."""
    found = {}
    for item in session.items:
        for marker in item.iter_markers("exercises"):
            for capability in marker.args:
                found.setdefault(capability, set()).add(item.originalname)
    return found


@pytest.mark.asyncio
async def test_every_capability_is_made_use_of(client, request):
    claimed = claims(request.session)
    missing = sorted(client.offered - set(claimed))
    assert not missing, f"offered to {client.editor}, but no test makes use of it: {missing}"


def test_the_table_in_the_documentation_is_true(request):
    if not BY_EDITOR or len(BY_EDITOR) < 4:
        pytest.skip("only a part of the tests was run")
    claimed = claims(request.session)
    lines = ["| capability | offered to | tests |", "|---|---|---|"]
    for capability in sorted(set().union(*BY_EDITOR.values())):
        editors = [editor for editor, offered in BY_EDITOR.items() if capability in offered]
        editors = "all" if len(editors) == len(BY_EDITOR) else ", ".join(editors)
        tests = ", ".join(f"`{test}`" for test in sorted(claimed.get(capability, {"none"})))
        lines.append(f"| `{capability}` | {editors} | {tests} |")
    told = (
        f"{HEADING}\nWhat the server offers to four clients, read from its own answer to `initialize`, and the tests of `tests/lsp` that make use of it "
        f"(`UPDATE=1 tests/lsp/run.sh` writes this table).\n\n" + "\n".join(lines) + "\n"
    )
    page = EDITOR_PAGE.read_text(encoding="utf-8")
    before, _, behind = page.partition(HEADING)
    rest = behind.find("\n## ")
    rest = behind[rest:] if rest >= 0 else ""
    wanted = before.rstrip("\n") + "\n\n" + told + rest
    if os.environ.get("UPDATE"):
        EDITOR_PAGE.write_text(wanted, encoding="utf-8")
    assert page == wanted or os.environ.get("UPDATE"), "docs/editor.md is behind: run UPDATE=1 tests/lsp/run.sh"
