"""What the server says it can do, taken apart into single capabilities, and the messages by which each is made use of."""

from lsprotocol import types

# Settings of a capability, which are no capability of their own.
SETTINGS = {
    "allCommitCharacters", "change", "changeNotifications", "codeActionKinds", "completionItem", "documentSelector", "filters",
    "firstTriggerCharacter", "id", "identifier", "interFileDependencies", "legend", "moreTriggerCharacter", "retriggerCharacters",
    "save", "supported", "triggerCharacters", "workDoneProgress", "documentation",
}  # fmt: skip

METHODS = {
    "positionEncoding": {types.INITIALIZE},
    "textDocumentSync": {types.TEXT_DOCUMENT_DID_CHANGE},
    "textDocumentSync.openClose": {types.TEXT_DOCUMENT_DID_CLOSE},
    "hoverProvider": {types.TEXT_DOCUMENT_HOVER},
    "definitionProvider": {types.TEXT_DOCUMENT_DEFINITION},
    "declarationProvider": {types.TEXT_DOCUMENT_DECLARATION},
    "typeDefinitionProvider": {types.TEXT_DOCUMENT_TYPE_DEFINITION},
    "implementationProvider": {types.TEXT_DOCUMENT_IMPLEMENTATION},
    "referencesProvider": {types.TEXT_DOCUMENT_REFERENCES},
    "documentHighlightProvider": {types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT},
    "documentSymbolProvider": {types.TEXT_DOCUMENT_DOCUMENT_SYMBOL},
    "workspaceSymbolProvider": {types.WORKSPACE_SYMBOL},
    "workspaceSymbolProvider.resolveProvider": {types.WORKSPACE_SYMBOL_RESOLVE},
    "documentFormattingProvider": {types.TEXT_DOCUMENT_FORMATTING},
    "documentRangeFormattingProvider": {types.TEXT_DOCUMENT_RANGE_FORMATTING},
    "documentOnTypeFormattingProvider": {types.TEXT_DOCUMENT_ON_TYPE_FORMATTING},
    "foldingRangeProvider": {types.TEXT_DOCUMENT_FOLDING_RANGE},
    "selectionRangeProvider": {types.TEXT_DOCUMENT_SELECTION_RANGE},
    "linkedEditingRangeProvider": {types.TEXT_DOCUMENT_LINKED_EDITING_RANGE},
    "semanticTokensProvider": {types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL},
    "semanticTokensProvider.full": {types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL},
    "semanticTokensProvider.full.delta": {types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA},
    "semanticTokensProvider.range": {types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE},
    "diagnosticProvider": {types.TEXT_DOCUMENT_DIAGNOSTIC},
    "diagnosticProvider.workspaceDiagnostics": {types.WORKSPACE_DIAGNOSTIC},
    "renameProvider": {types.TEXT_DOCUMENT_RENAME},
    "renameProvider.prepareProvider": {types.TEXT_DOCUMENT_PREPARE_RENAME},
    "completionProvider": {types.TEXT_DOCUMENT_COMPLETION},
    "completionProvider.resolveProvider": {types.COMPLETION_ITEM_RESOLVE},
    "signatureHelpProvider": {types.TEXT_DOCUMENT_SIGNATURE_HELP},
    "inlayHintProvider": {types.TEXT_DOCUMENT_INLAY_HINT},
    "inlayHintProvider.resolveProvider": {types.INLAY_HINT_RESOLVE},
    "codeLensProvider": {types.TEXT_DOCUMENT_CODE_LENS},
    "codeLensProvider.resolveProvider": {types.CODE_LENS_RESOLVE},
    "codeActionProvider": {types.TEXT_DOCUMENT_CODE_ACTION},
    "codeActionProvider.resolveProvider": {types.CODE_ACTION_RESOLVE},
    "documentLinkProvider": {types.TEXT_DOCUMENT_DOCUMENT_LINK},
    "documentLinkProvider.resolveProvider": {types.DOCUMENT_LINK_RESOLVE},
    "callHierarchyProvider": {types.CALL_HIERARCHY_INCOMING_CALLS, types.CALL_HIERARCHY_OUTGOING_CALLS},
    "typeHierarchyProvider": {types.TYPE_HIERARCHY_SUBTYPES, types.TYPE_HIERARCHY_SUPERTYPES},
    "executeCommandProvider": {types.WORKSPACE_EXECUTE_COMMAND},
    "workspace.workspaceFolders": {types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS},
    "workspace.fileOperations.didCreate": {types.WORKSPACE_DID_CREATE_FILES},
    "workspace.fileOperations.didRename": {types.WORKSPACE_DID_RENAME_FILES},
    "workspace.fileOperations.didDelete": {types.WORKSPACE_DID_DELETE_FILES},
    "workspace.fileOperations.willCreate": {types.WORKSPACE_WILL_CREATE_FILES},
    "workspace.fileOperations.willRename": {types.WORKSPACE_WILL_RENAME_FILES},
    "workspace.fileOperations.willDelete": {types.WORKSPACE_WILL_DELETE_FILES},
}

# What was offered to each editor.
BY_EDITOR = {}

# Names that only group others.
GROUPS = {"workspace", "workspace.fileOperations", "experimental"}


def capabilities(server, converter):
    """The names of all capabilities that the server has, settings left out."""
    return set(_names("", converter.unstructure(server))) - GROUPS


def _names(prefix, value):
    for key, below in value.items():
        if key in SETTINGS or below is None or below is False:
            continue
        name = f"{prefix}{key}"
        if key == "commands":
            yield from (f"{prefix}{command}" for command in below)
            continue
        yield name
        if isinstance(below, dict):
            yield from _names(f"{name}.", below)


def methods(capability):
    """The messages by which a capability is made use of."""
    if capability.startswith("executeCommandProvider."):
        return {types.WORKSPACE_EXECUTE_COMMAND}
    return METHODS[capability]
