"""What helps to read: hovers, jumps, outlines, colours."""

import pytest
from lsprotocol import types


def spots(found):
    """The last part of each address, with the line."""
    found = found if isinstance(found, (list, tuple)) else [found]
    address = lambda one: one.target_uri if hasattr(one, "target_uri") else one.uri
    place = lambda one: one.target_selection_range if hasattr(one, "target_uri") else one.range
    return [(address(one).rsplit("/", 1)[-1], place(one).start.line) for one in found]


@pytest.mark.exercises("hoverProvider")
@pytest.mark.asyncio
async def test_hover_shows_the_cited_passage(client, editor, camp):
    editor.open("rules.mandate")
    found = await client.text_document_hover_async(types.HoverParams(**camp.at("rules.mandate", "order_7#reporting", 10)))
    assert "Whoever sees a grave incident" in found.contents.value


@pytest.mark.exercises("definitionProvider")
@pytest.mark.asyncio
async def test_a_citation_leads_to_its_passage(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "order_7#reporting", 10)
    found = await client.text_document_definition_async(types.DefinitionParams(**at))
    assert spots(found)[0] == ("order.md", 4)


@pytest.mark.exercises("declarationProvider")
@pytest.mark.asyncio
async def test_a_name_leads_to_its_declaration(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "is_large(i.unit)", 2)
    found = await client.text_document_declaration_async(types.DeclarationParams(**at))
    # Where the name comes into this file, or where it is declared.
    assert spots(found)[0][0] in {"units.mandate", "rules.mandate"}


@pytest.mark.exercises("typeDefinitionProvider")
@pytest.mark.asyncio
async def test_a_value_leads_to_its_type(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "i.gravity >=", 3)
    found = await client.text_document_type_definition_async(types.TypeDefinitionParams(**at))
    assert spots(found) == [("units.mandate", 12)]


@pytest.mark.exercises("implementationProvider")
@pytest.mark.asyncio
async def test_a_rule_leads_to_its_scenario(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "report_it \"", 2)
    found = await client.text_document_implementation_async(types.ImplementationParams(**at))
    assert spots(found)[0][0] == "rules.mandate"


@pytest.mark.exercises("referencesProvider")
@pytest.mark.asyncio
async def test_uses_are_found_in_every_file(client, editor, camp):
    editor.open("units.mandate")
    context = types.ReferenceContext(include_declaration=True)
    at = camp.at("units.mandate", "is_large", 2)
    found = await client.text_document_references_async(types.ReferenceParams(context=context, **at))
    assert {name for name, _ in spots(found)} == {"units.mandate", "rules.mandate"}


@pytest.mark.exercises("documentHighlightProvider")
@pytest.mark.asyncio
async def test_uses_in_the_file_are_marked(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "reporting_window:", 2)
    found = await client.text_document_document_highlight_async(types.DocumentHighlightParams(**at))
    assert len(found) == 2


@pytest.mark.exercises("documentSymbolProvider")
@pytest.mark.asyncio
async def test_the_outline(client, editor, camp):
    editor.open("units.mandate")
    params = types.DocumentSymbolParams(text_document=camp.document("units.mandate"))
    assert {"Unit", "is_large", "Gravity"} <= {one.name for one in await client.text_document_document_symbol_async(params)}


@pytest.mark.exercises("workspaceSymbolProvider", "workspaceSymbolProvider.resolveProvider")
@pytest.mark.asyncio
async def test_declarations_are_found_by_their_letters(client, camp, editor):
    editor.open("units.mandate")
    await editor.codes("units.mandate", [])
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="islarge"))
    assert found[0].name == "is_large"
    if "workspaceSymbolProvider.resolveProvider" in client.offered:
        assert (await client.workspace_symbol_resolve_async(found[0])).name == "is_large"


@pytest.mark.exercises("semanticTokensProvider", "semanticTokensProvider.full", "semanticTokensProvider.full.delta", "semanticTokensProvider.range")
@pytest.mark.asyncio
async def test_words_are_coloured(client, editor, camp):
    editor.open("units.mandate")
    document = camp.document("units.mandate")
    full = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    assert full.data and len(full.data) % 5 == 0
    start = types.Position(0, 0)
    editor.edit("units.mandate", (types.Range(start, start), "\n"))
    params = types.SemanticTokensDeltaParams(document, previous_result_id=full.result_id)
    delta = await client.text_document_semantic_tokens_full_delta_async(params)
    data = list(full.data)
    for edit in sorted(delta.edits, key=lambda edit: -edit.start):
        data[edit.start : edit.start + edit.delete_count] = edit.data or []
    again = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    assert data == list(again.data) != list(full.data)
    part = types.SemanticTokensRangeParams(document, types.Range(start, types.Position(6, 0)))
    part = await client.text_document_semantic_tokens_range_async(part)
    assert 0 < len(part.data) < len(full.data)


@pytest.mark.exercises("foldingRangeProvider")
@pytest.mark.asyncio
async def test_declarations_fold(client, editor, camp):
    editor.open("rules.mandate")
    params = types.FoldingRangeParams(text_document=camp.document("rules.mandate"))
    assert len(await client.text_document_folding_range_async(params)) >= 5


@pytest.mark.exercises("selectionRangeProvider")
@pytest.mark.asyncio
async def test_a_selection_grows(client, editor, camp):
    text = editor.open("rules.mandate")
    place = camp.position("rules.mandate", "is_large(i.unit)", 10)
    params = types.SelectionRangeParams(camp.document("rules.mandate"), [place])
    at, sizes = (await client.text_document_selection_range_async(params))[0], []
    while at:
        sizes.append((at.range.end.line - at.range.start.line, at.range.end.character - at.range.start.character))
        at = at.parent
    assert len(sizes) > 3 and sizes[-1][0] >= text.count("\n") - 1


@pytest.mark.exercises("inlayHintProvider", "inlayHintProvider.resolveProvider")
@pytest.mark.asyncio
async def test_values_stand_beside_names(client, editor, camp):
    editor.open("rules.mandate")
    params = types.InlayHintParams(camp.document("rules.mandate"), camp.whole("rules.mandate"))
    hints = await client.text_document_inlay_hint_async(params)
    label = lambda hint: hint.label if isinstance(hint.label, str) else "".join(part.value for part in hint.label)
    assert any("24 hours" in label(hint) for hint in hints), [label(hint) for hint in hints]
    if "inlayHintProvider.resolveProvider" in client.offered:
        assert label(await client.inlay_hint_resolve_async(hints[0])) == label(hints[0])


@pytest.mark.exercises("codeLensProvider", "codeLensProvider.resolveProvider")
@pytest.mark.asyncio
async def test_lenses_stand_above_scenarios_and_rules(client, editor, camp):
    editor.open("rules.mandate")
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(camp.document("rules.mandate")))
    if "codeLensProvider.resolveProvider" in client.offered:
        lenses = [lens if lens.command else await client.code_lens_resolve_async(lens) for lens in lenses]
    assert all(lens.command.title for lens in lenses)
    line = camp.position("rules.mandate", "scenario \"").line
    assert any(lens.range.start.line == line for lens in lenses)


@pytest.mark.exercises("documentLinkProvider", "documentLinkProvider.resolveProvider")
@pytest.mark.asyncio
async def test_documents_can_be_opened_from_their_names(client, editor, camp):
    editor.open("rules.mandate")
    links = await client.text_document_document_link_async(types.DocumentLinkParams(camp.document("rules.mandate")))
    if "documentLinkProvider.resolveProvider" in client.offered:
        links = [link if link.target else await client.document_link_resolve_async(link) for link in links]
    assert any(link.target.startswith(camp.uri("sources/order.md")) for link in links)


@pytest.mark.exercises("callHierarchyProvider")
@pytest.mark.asyncio
async def test_a_rule_calls_its_definitions_and_actions(client, editor, camp):
    editor.open("rules.mandate")
    at = camp.at("rules.mandate", "report_it \"", 2)
    (rule,) = await client.text_document_prepare_call_hierarchy_async(types.CallHierarchyPrepareParams(**at))
    calls = await client.call_hierarchy_outgoing_calls_async(types.CallHierarchyOutgoingCallsParams(rule))
    names = {call.to.name: call.to for call in calls}
    assert {"is_large", "report"} <= set(names)
    back = types.CallHierarchyIncomingCallsParams(names["is_large"])
    assert [call.from_.name for call in await client.call_hierarchy_incoming_calls_async(back)] == ["report_it"]
