"""A server for each test, driven by pytest-lsp under the name of an editor, and the bookkeeping of what the tests make use of."""

import asyncio
import copy
import os
import shutil
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

import offered

HERE = Path(__file__).parent
PROGRAM = os.environ["MANDATE_PROGRAM"]
PATIENCE = 20
# Who accepts a review is who git says it is.
ENVIRONMENT = os.environ | {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "A. Reviewer"}


def _code_of_today():
    """VS Code's capture is of 2022: what it has learned since, as far as it matters here."""
    client = copy.deepcopy(client_capabilities("visual-studio-code@v1.65.2"))
    client.text_document.diagnostic = types.DiagnosticClientCapabilities(dynamic_registration=True)
    client.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    client.text_document.inlay_hint = types.InlayHintClientCapabilities(
        resolve_support=types.ClientInlayHintResolveOptions(properties=["tooltip", "label.tooltip", "label.location"])
    )
    client.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    return client


EDITORS = {
    "VS Code 1.65": lambda: client_capabilities("visual-studio-code@v1.65.2"),
    "VS Code of today": _code_of_today,
    "Neovim 0.11": lambda: client_capabilities("neovim@v0.11.0"),
    "Emacs 29.1": lambda: client_capabilities("emacs@v29.1"),
}

INITIALIZATION = {
    "clientCommands": [
        "mandate.client.runScenario",
        "mandate.client.showReferences",
        "mandate.client.showPage",
        "mandate.client.showWhy",
    ]
}


class Camp:
    """The package under test, a copy of its own for each test."""

    def __init__(self, directory: Path):
        self.directory = directory
        shutil.copytree(HERE / "camp", directory)

    def path(self, name):
        return (self.directory / name).resolve()

    def uri(self, name):
        return self.path(name).as_uri()

    def text(self, name):
        return self.path(name).read_text(encoding="utf-8")

    def document(self, name):
        return types.TextDocumentIdentifier(uri=self.uri(name))

    def position(self, name, words, inside=0, text=None):
        """Where `words` stand first, plus `inside` columns."""
        text = self.text(name) if text is None else text
        before = text[: text.index(words) + inside]
        return types.Position(line=before.count("\n"), character=len(before.rsplit("\n", 1)[-1]))

    def at(self, name, words, inside=0):
        """Document and position, as most requests want them."""
        return {"text_document": self.document(name), "position": self.position(name, words, inside)}

    def whole(self, name):
        text = self.text(name)
        return types.Range(start=types.Position(0, 0), end=types.Position(text.count("\n"), 0))


@pytest.fixture
def camp(tmp_path):
    return Camp(tmp_path / "camp")


@pytest_lsp.fixture(
    params=list(EDITORS),
    config=ClientServerConfig(server_command=[PROGRAM, "lsp"], server_env=ENVIRONMENT),
)
async def client(lsp_client: LanguageClient, request, camp):
    editor = request.param
    marker = request.node.get_closest_marker("exercises")
    claimed = set(marker.args) if marker else set()
    if editor in offered.BY_EDITOR and claimed and not claimed & offered.BY_EDITOR[editor]:
        pytest.skip(f"not offered to {editor}")
    used = record(lsp_client)
    lsp_client.refreshes = []
    lsp_client.edits = []
    listen(lsp_client)
    parameters = types.InitializeParams(
        capabilities=EDITORS[editor](),
        workspace_folders=[types.WorkspaceFolder(uri=camp.directory.as_uri(), name="camp")],
        root_uri=camp.directory.as_uri(),
        initialization_options=INITIALIZATION,
    )
    lsp_client.set_configuration({"mandate": {}})
    answer = await lsp_client.initialize_session(parameters)
    lsp_client.editor = editor
    lsp_client.server = answer.capabilities
    lsp_client.offered = offered.capabilities(answer.capabilities, lsp_client.protocol._converter)
    offered.BY_EDITOR[editor] = lsp_client.offered
    if claimed and not claimed & lsp_client.offered:
        await lsp_client.shutdown_session()
        pytest.skip(f"not offered to {editor}")
    yield
    await lsp_client.shutdown_session()
    for capability in claimed & lsp_client.offered:
        methods = offered.methods(capability)
        assert methods & used, f"{capability} is claimed, but none of {sorted(methods)} was sent"


def listen(client):
    """Requests of the server that pytest-lsp has no answer for."""

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params):
        client.registrations = getattr(client, "registrations", []) + list(params.registrations)

    @client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params):
        client.edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    for method in (
        types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
        types.WORKSPACE_CODE_LENS_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
    ):

        @client.feature(method)
        def refresh(*_, method=method):
            client.refreshes.append(method)


def record(client):
    """Notes the name of every message that the client sends, or is sent by the server."""
    used = set()
    protocol = client.protocol
    ask, tell, handle = protocol.send_request_async, protocol.notify, protocol.handle_message

    async def send_request_async(method, *args, **kwargs):
        used.add(method)
        return await ask(method, *args, **kwargs)

    def notify(method, *args, **kwargs):
        used.add(method)
        return tell(method, *args, **kwargs)

    def handle_message(message):
        used.add(getattr(message, "method", ""))
        return handle(message)

    protocol.send_request_async, protocol.notify, protocol.handle_message = send_request_async, notify, handle_message
    return used


@pytest.fixture
def editor(client, camp):
    return Editor(client, camp)


class Editor:
    """What a person does with the client."""

    def __init__(self, client, camp):
        self.client, self.camp, self.versions = client, camp, {}

    def open(self, name, text=None):
        """Shows a file, with its text on the disk unless another is given."""
        text = self.camp.text(name) if text is None else text
        language = "markdown" if name.endswith(".md") else "mandate"
        item = types.TextDocumentItem(uri=self.camp.uri(name), language_id=language, version=1, text=text)
        self.versions[name] = 1
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return text

    def edit(self, name, *changes):
        """Replaces ranges by texts, one after the other."""
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(uri=self.camp.uri(name), version=self.versions[name])
        changes = [types.TextDocumentContentChangePartial(range=range, text=text) for range, text in changes]
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=document, content_changes=changes)
        )

    async def codes(self, name, wanted=None):
        """The codes of the findings about a file: asked for where that is offered, else as published.

        Waits until they are `wanted`, where that is given: a list, or `any` for at least one.
        """
        found = None
        for _ in range(PATIENCE * 20):
            if "diagnosticProvider" in self.client.offered:
                found = await self._asked(name)
            else:
                found = self.client.diagnostics.get(self.camp.uri(name))
                found = None if found is None else [one.code for one in found]
            if found is not None and (wanted is None or (wanted is any and found) or found == wanted):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"waited too long for {wanted}: {found}")

    async def until(self, condition):
        """Waits until something has come."""
        for _ in range(PATIENCE * 20):
            if condition():
                return
            await asyncio.sleep(0.05)

    async def _asked(self, name):
        params = types.DocumentDiagnosticParams(text_document=self.camp.document(name))
        report = await self.client.text_document_diagnostic_async(params)
        return [one.code for one in report.items]
