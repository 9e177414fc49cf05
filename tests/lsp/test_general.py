"""Files, texts and their findings."""

import pytest
from lsprotocol import types

RANGE = types.Range


def span(start, length):
    return RANGE(start=start, end=types.Position(start.line, start.character + length))


@pytest.mark.exercises("textDocumentSync", "positionEncoding")
@pytest.mark.asyncio
async def test_columns_count_as_agreed(client, editor, camp):
    text = editor.open("units.mandate", camp.text("units.mandate").replace("A unit in", "Ein Trüppchen 🦺 in"))
    assert await editor.codes("units.mandate", []) == []
    # Behind an accent and a sign outside the first plane.
    before = text.split("\n")[2][: text.split("\n")[2].index(" in")]
    unit = {"utf-8": "utf-8", "utf-16": "utf-16-le"}[str(getattr(client.server.position_encoding, "value", client.server.position_encoding))]
    column = len(before.encode(unit)) // (2 if unit == "utf-16-le" else 1)
    at = types.Position(2, column)
    editor.edit("units.mandate", (RANGE(at, at), "\nrecord Broken {\n  x: Nowhere\n}\n//"))
    assert len(await editor.codes("units.mandate", ["E021"])) == 1
    # Two changes in one message, the second counted in what the first left.
    line = types.Position(4, 5)
    editor.edit("units.mandate", (span(line, 7), "Text?"), (span(types.Position(4, 5), 4), "Int"))
    assert await editor.codes("units.mandate", []) == []


@pytest.mark.exercises("textDocumentSync.openClose")
@pytest.mark.asyncio
async def test_a_closed_file_counts_as_on_the_disk(client, editor, camp):
    editor.open("rules.mandate")
    editor.open("units.mandate", camp.text("units.mandate").replace("is_large", "is_big"))
    await editor.codes("rules.mandate", any)
    client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=camp.document("units.mandate")))
    assert await editor.codes("rules.mandate", []) == []


@pytest.mark.exercises("diagnosticProvider")
@pytest.mark.asyncio
async def test_findings_are_told_to_who_asks(client, editor, camp):
    editor.open("rules.mandate", camp.text("rules.mandate").replace("i.gravity >=", "i.bravery >="))
    params = types.DocumentDiagnosticParams(text_document=camp.document("rules.mandate"))
    report = await client.text_document_diagnostic_async(params)
    assert report.kind == "full" and len(report.items) == 1
    params.previous_result_id = report.result_id
    again = await client.text_document_diagnostic_async(params)
    assert (again.kind, again.result_id) == ("unchanged", report.result_id)
    assert camp.uri("rules.mandate") not in client.diagnostics


@pytest.mark.exercises("diagnosticProvider.workspaceDiagnostics")
@pytest.mark.asyncio
async def test_findings_of_files_that_nobody_has_open_are_told(client, camp, editor):
    camp.path("broken.mandate").write_text("record Broken {\n  x: Nowhere\n}\n")
    editor.open("units.mandate")
    client.workspace_did_create_files(types.CreateFilesParams([types.FileCreate(camp.uri("broken.mandate"))]))
    known = []
    for _ in range(50):
        report = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(previous_result_ids=known))
        found = {item.uri: item for item in report.items}
        if camp.uri("broken.mandate") in found:
            break
    assert [one.code for one in found[camp.uri("broken.mandate")].items] == ["E021"]


@pytest.mark.exercises("workspace.fileOperations.didCreate", "workspace.fileOperations.didRename", "workspace.fileOperations.didDelete")
@pytest.mark.asyncio
async def test_files_come_change_names_and_go(client, camp, editor):
    user = "use words.{Colour}\n\nrecord Flag {\n  colour: Colour\n}\n"
    editor.open("flags.mandate", user)
    await editor.codes("flags.mandate", any)
    camp.path("words.mandate").write_text("enum Colour { red, green }\n")
    client.workspace_did_create_files(types.CreateFilesParams([types.FileCreate(camp.uri("words.mandate"))]))
    assert await editor.codes("flags.mandate", []) == []
    camp.path("words.mandate").rename(camp.path("paints.mandate"))
    renamed = types.FileRename(camp.uri("words.mandate"), camp.uri("paints.mandate"))
    client.workspace_did_rename_files(types.RenameFilesParams([renamed]))
    editor.edit("flags.mandate", (span(types.Position(0, 4), 5), "paints"))
    assert await editor.codes("flags.mandate", []) == []
    camp.path("paints.mandate").unlink()
    client.workspace_did_delete_files(types.DeleteFilesParams([types.FileDelete(camp.uri("paints.mandate"))]))
    await editor.codes("flags.mandate", any)


@pytest.mark.exercises("workspace.workspaceFolders")
@pytest.mark.asyncio
async def test_a_second_folder_is_checked(client, camp, editor, tmp_path):
    second = tmp_path / "second"
    second.mkdir()
    (second / "mandate.toml").write_text('[package]\nname = "second"\nversion = "0.1.0"\nedition = "2026"\n')
    (second / "broken.mandate").write_text("record Broken {\n  x: Nowhere\n}\n")
    added = [types.WorkspaceFolder(uri=second.as_uri(), name="second")]
    event = types.WorkspaceFoldersChangeEvent(added=added, removed=[])
    client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event=event))
    assert await editor.codes("../second/broken.mandate", ["E021"]) == ["E021"]
