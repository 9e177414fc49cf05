"""What helps to write: completion, repairs, names, layout."""

import pytest
from lsprotocol import types

OPTIONS = types.FormattingOptions(tab_size=2, insert_spaces=True)


@pytest.mark.exercises("documentFormattingProvider", "documentRangeFormattingProvider", "documentOnTypeFormattingProvider")
@pytest.mark.asyncio
async def test_layout(client, editor, camp):
    editor.open("units.mandate", camp.text("units.mandate").replace("  id: Text", "      id:   Text"))
    document = camp.document("units.mandate")
    lines = types.Range(types.Position(3, 0), types.Position(8, 0))
    assert await client.text_document_range_formatting_async(types.DocumentRangeFormattingParams(document, lines, OPTIONS))
    whole = await client.text_document_formatting_async(types.DocumentFormattingParams(document, OPTIONS))
    assert {edit.range.end.line for edit in whole} == {4}
    brace = types.Position(7, 0)
    editor.edit("units.mandate", (types.Range(brace, brace), "    "))
    at = types.Position(7, 5)
    params = types.DocumentOnTypeFormattingParams(document, at, "}", OPTIONS)
    assert await client.text_document_on_type_formatting_async(params)


@pytest.mark.exercises("completionProvider", "completionProvider.resolveProvider")
@pytest.mark.asyncio
async def test_names_and_fields_are_completed(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "i.gravity >=", 2)
    found = await client.text_document_completion_async(types.CompletionParams(**at))
    items = found if isinstance(found, (list, tuple)) else found.items
    labels = {item.label: item for item in items}
    assert {"gravity", "observed_at", "unit"} <= set(labels)
    if "completionProvider.resolveProvider" in client.offered:
        assert (await client.completion_item_resolve_async(labels["gravity"])).label == "gravity"


@pytest.mark.exercises("signatureHelpProvider")
@pytest.mark.asyncio
async def test_parameters_are_shown(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "is_large(i.unit)", 9)
    found = await client.text_document_signature_help_async(types.SignatureHelpParams(**at))
    assert "is_large" in found.signatures[0].label


@pytest.mark.exercises("renameProvider", "renameProvider.prepareProvider")
@pytest.mark.asyncio
async def test_a_name_changes_in_every_file(client, editor, camp):
    editor.open("units.mandate")
    at = camp.at("units.mandate", "is_large", 2)
    assert await client.text_document_prepare_rename_async(types.PrepareRenameParams(**at))
    edit = await client.text_document_rename_async(types.RenameParams(new_name="is_big", **at))
    assert changed(edit) == {camp.uri("units.mandate"), camp.uri("rules.mandate")}


def changed(edit):
    """The addresses of the files that an edit changes."""
    if edit.changes:
        return set(edit.changes)
    return {change.text_document.uri for change in edit.document_changes if hasattr(change, "text_document")}


@pytest.mark.exercises("codeActionProvider")
@pytest.mark.asyncio
async def test_a_certain_repair_is_offered(client, editor, camp):
    text = editor.open("units.mandate", camp.text("units.mandate").replace("u.size", "u.sise"))
    (code,) = [one for one in await editor.codes("units.mandate") if one]
    start = camp.position("units.mandate", "u.sise", 2, text)
    place = types.Range(start, types.Position(start.line, start.character + 4))
    context = types.CodeActionContext(diagnostics=[types.Diagnostic(place, "", code=code)])
    params = types.CodeActionParams(camp.document("units.mandate"), place, context)
    actions = [one for one in await client.text_document_code_action_async(params) if hasattr(one, "kind")]
    repair = next(one for one in actions if one.kind == types.CodeActionKind.QuickFix)
    if repair.edit is None:
        repair = await client.code_action_resolve_async(repair)
    assert changed(repair.edit) == {camp.uri("units.mandate")}


@pytest.mark.exercises("codeActionProvider.resolveProvider")
@pytest.mark.asyncio
async def test_what_an_action_does_may_be_told_later(client, editor, camp):
    editor.open("rules.mandate")
    start = camp.position("rules.mandate", "report_it \"")
    params = types.CodeActionParams(
        camp.document("rules.mandate"), types.Range(start, start), types.CodeActionContext(diagnostics=[])
    )
    actions = await client.text_document_code_action_async(params)
    later = [one for one in actions if getattr(one, "data", None) is not None and one.edit is None]
    for action in later:
        resolved = await client.code_action_resolve_async(action)
        assert resolved.edit or resolved.command, action.title
    if not later:
        assert (await client.code_action_resolve_async(actions[0])).title == actions[0].title


@pytest.mark.exercises("linkedEditingRangeProvider")
@pytest.mark.asyncio
async def test_a_variable_changes_with_its_uses(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "each i: Incident\n  when", 5)
    found = await client.text_document_linked_editing_range_async(types.LinkedEditingRangeParams(**at))
    assert found is None or len(found.ranges) > 1


@pytest.mark.exercises("workspace.fileOperations.willRename")
@pytest.mark.asyncio
async def test_a_renamed_module_is_followed(client, editor, camp):
    editor.open("rules.mandate")
    renamed = types.FileRename(camp.uri("units.mandate"), camp.uri("troops.mandate"))
    edit = await client.workspace_will_rename_files_async(types.RenameFilesParams([renamed]))
    assert camp.uri("rules.mandate") in changed(edit)


@pytest.mark.exercises("executeCommandProvider", "executeCommandProvider.mandate.runScenario")
@pytest.mark.asyncio
async def test_a_scenario_runs(client, editor, camp):
    editor.open("rules.mandate")
    params = types.ExecuteCommandParams("mandate.runScenario", [camp.uri("rules.mandate"), "a report in time"])
    await client.workspace_execute_command_async(params)
    await editor.until(lambda: client.messages)
    assert any("a report in time" in message.message for message in client.messages), client.messages


@pytest.mark.exercises("executeCommandProvider", "executeCommandProvider.mandate.acceptReview")
@pytest.mark.asyncio
async def test_a_review_is_accepted(client, editor, camp):
    camp.path("mandate.lock").write_text("version = 1\n")
    client.workspace_did_create_files(types.CreateFilesParams([types.FileCreate(camp.uri("mandate.lock"))]))
    editor.open("rules.mandate")
    params = types.ExecuteCommandParams("mandate.acceptReview", [camp.uri("rules.mandate"), "report_it"])
    await client.workspace_execute_command_async(params)
    await editor.until(lambda: client.edits or client.messages)
    assert any("report_it" in str(edit) for edit in client.edits), (client.edits, client.messages)
