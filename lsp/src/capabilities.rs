//! What is agreed on with the client. Nothing is offered that has no handler.

use crate::answers::{code_action, completion, semantic_tokens};
use crate::commands;
use crate::config::Config;
use crate::convert::{ClientCommands, CompletionSettings, EditSupport, Links, Settings};
use crate::text::Encoding;
use crate::workspace::folder_path;
use serde::Deserialize;
use std::path::PathBuf;
use tower_lsp::ls_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeLensOptions, CompletionItemTag, CompletionOptions,
    CompletionOptionsCompletionItem, DeclarationCapability, DiagnosticOptions, DiagnosticServerCapabilities,
    DidChangeWatchedFilesRegistrationOptions, DocumentLinkOptions, DocumentOnTypeFormattingOptions,
    ExecuteCommandOptions, FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, FileSystemWatcher, FoldingRangeProviderCapability, GlobPattern, GotoCapability,
    HoverProviderCapability, ImplementationProviderCapability, InitializeParams, InitializeResult,
    LinkedEditingRangeServerCapabilities, MarkupKind, OneOf, Registration, RenameOptions, SaveOptions,
    SelectionRangeProviderCapability, ServerCapabilities, ServerInfo, SignatureHelpOptions,
    TextDocumentClientCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, TypeDefinitionProviderCapability, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

/// What a client of ours says of itself beyond the protocol.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    client_commands: Vec<String>,
    scenarios_changed: bool,
}

/// What the client can take.
pub(crate) fn settings(params: &InitializeParams) -> Settings {
    let client = &params.capabilities;
    let options = params.initialization_options.clone();
    // Options that are none of ours mean a client that knows nothing beyond the protocol.
    let options: Options = options.and_then(|it| serde_json::from_value(it).ok()).unwrap_or_default();
    let has = |command: &str| options.client_commands.iter().any(|known| known == command);
    let theirs = ClientCommands {
        run_scenario: has("mandate.client.runScenario"),
        show_references: has("mandate.client.showReferences"),
        show_page: has("mandate.client.showPage"),
        show_why: has("mandate.client.showWhy"),
    };
    let workspace = client.workspace.as_ref();
    let lenses = workspace.and_then(|it| it.code_lens.as_ref());
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_deref());
    let document = client.text_document.as_ref();
    let diagnostics = document.and_then(|document| document.publish_diagnostics.as_ref());
    let symbol = document.and_then(|document| document.document_symbol.as_ref());
    let hover = document.and_then(|document| document.hover.as_ref());
    Settings {
        encoding: Encoding::negotiate(offered),
        related: diagnostics.and_then(|it| it.related_information).unwrap_or(false),
        links: links(client),
        changes: changes(client),
        prepares: prepares(client),
        tree: symbol.and_then(|it| it.hierarchical_document_symbol_support).unwrap_or(false),
        markdown: hover
            .and_then(|it| it.content_format.as_ref())
            .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
        commands: theirs,
        edits: workspace.and_then(|it| it.apply_edit).unwrap_or(false),
        refreshes_lenses: lenses.and_then(|it| it.refresh_support).unwrap_or(false),
        refreshes_hints: workspace
            .and_then(|it| it.inlay_hint.as_ref())
            .and_then(|it| it.refresh_support)
            .unwrap_or(false),
        scenarios_changed: options.scenarios_changed,
        completion: completion_settings(client),
        actions: code_action::Takes::of(client),
        pulls: asks_for_diagnostics(client),
        progress: client.window.as_ref().and_then(|window| window.work_done_progress).unwrap_or(false),
        config: Config::default(),
    }
}

/// What the client can take of completions and signatures.
fn completion_settings(client: &ClientCapabilities) -> CompletionSettings {
    let document = client.text_document.as_ref();
    let item =
        document.and_then(|it| it.completion.as_ref()).and_then(|it| it.completion_item.clone()).unwrap_or_default();
    let signature = document.and_then(|it| it.signature_help.as_ref()).and_then(|it| it.signature_information.as_ref());
    let parameters = signature.and_then(|it| it.parameter_information.as_ref());
    CompletionSettings {
        snippets: item.snippet_support.unwrap_or(false),
        insert_replace: item.insert_replace_support.unwrap_or(false),
        commit: item.commit_characters_support.unwrap_or(false),
        label_details: item.label_details_support.unwrap_or(false),
        tags: item.tag_support.is_some_and(|tags| tags.value_set.contains(&CompletionItemTag::DEPRECATED)),
        markdown: item.documentation_format.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
        label_offsets: parameters.and_then(|it| it.label_offset_support).unwrap_or(false),
    }
}

fn links(client: &ClientCapabilities) -> Links {
    let document = client.text_document.as_ref();
    let can = |kind: fn(&TextDocumentClientCapabilities) -> Option<&GotoCapability>| {
        document.and_then(kind).and_then(|it| it.link_support).unwrap_or(false)
    };
    Links {
        definition: can(|it| it.definition.as_ref()),
        declaration: can(|it| it.declaration.as_ref()),
        type_definition: can(|it| it.type_definition.as_ref()),
        implementation: can(|it| it.implementation.as_ref()),
    }
}

fn changes(client: &ClientCapabilities) -> EditSupport {
    let edit = client.workspace.as_ref().and_then(|workspace| workspace.workspace_edit.as_ref());
    let versions = edit.and_then(|it| it.document_changes).unwrap_or(false);
    let annotations = versions && edit.is_some_and(|it| it.change_annotation_support.is_some());
    EditSupport { versions, annotations }
}

/// Whether the client can ask whether something can be renamed before it is.
fn prepares(client: &ClientCapabilities) -> bool {
    let rename = client.text_document.as_ref().and_then(|document| document.rename.as_ref());
    rename.and_then(|it| it.prepare_support).unwrap_or(false)
}

/// Whether the client asks for diagnostics and can be told to ask again. One that cannot would miss what an edit changes in
/// another file, so that it is served better by publishing.
fn asks_for_diagnostics(client: &ClientCapabilities) -> bool {
    let asks = client.text_document.as_ref().is_some_and(|document| document.diagnostic.is_some());
    let workspace = client.workspace.as_ref().and_then(|workspace| workspace.diagnostics.as_ref());
    asks && workspace.and_then(|it| it.refresh_support).unwrap_or(false)
}

/// Whether the client can be asked for the user's configuration.
pub(crate) fn can_configure(client: &ClientCapabilities) -> bool {
    client.workspace.as_ref().and_then(|workspace| workspace.configuration).unwrap_or(false)
}

/// Whether the client tells of a changed configuration only if it is asked to.
pub(crate) fn can_tell_of_configuration(client: &ClientCapabilities) -> bool {
    let change = client.workspace.as_ref().and_then(|workspace| workspace.did_change_configuration.as_ref());
    change.and_then(|it| it.dynamic_registration).unwrap_or(false)
}

/// The wish to be told when the user's configuration changes.
pub(crate) fn configuration() -> Registration {
    Registration {
        id: "mandate-configuration".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(serde_json::json!({ "section": crate::config::SECTION })),
    }
}

/// Whether the client watches files for servers that ask for it.
pub(crate) fn can_watch(client: &ClientCapabilities) -> bool {
    let watched = client.workspace.as_ref().and_then(|workspace| workspace.did_change_watched_files.as_ref());
    watched.and_then(|it| it.dynamic_registration).unwrap_or(false)
}

/// What the server offers.
pub(crate) fn offered(settings: Settings) -> InitializeResult {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
        ..TextDocumentSyncOptions::default()
    };
    let folders =
        WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
    InitializeResult {
        capabilities: ServerCapabilities {
            position_encoding: Some(settings.encoding.kind()),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(true) }),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: commands::ALL.map(str::to_owned).to_vec(),
                ..ExecuteCommandOptions::default()
            }),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            completion_provider: Some(CompletionOptions {
                resolve_provider: Some(true),
                trigger_characters: Some(completion::TRIGGERS.map(str::to_owned).to_vec()),
                completion_item: Some(CompletionOptionsCompletionItem { label_details_support: Some(true) }),
                ..CompletionOptions::default()
            }),
            signature_help_provider: Some(SignatureHelpOptions {
                trigger_characters: Some(vec!["(".to_owned(), ",".to_owned()]),
                ..SignatureHelpOptions::default()
            }),
            inlay_hint_provider: Some(OneOf::Left(true)),
            definition_provider: Some(OneOf::Left(true)),
            declaration_provider: Some(DeclarationCapability::Simple(true)),
            type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
            implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            rename_provider: Some(rename(settings)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: Some(false),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
            linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            document_formatting_provider: Some(OneOf::Left(true)),
            document_range_formatting_provider: Some(OneOf::Left(true)),
            document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
                first_trigger_character: "\n".to_owned(),
                more_trigger_character: Some(vec!["}".to_owned()]),
            }),
            code_action_provider: Some(code_action::options()),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
            semantic_tokens_provider: Some(semantic_tokens::options().into()),
            diagnostic_provider: settings.pulls.then_some(DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: None,
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
            })),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(folders),
                file_operations: Some(file_operations()),
            }),
            ..ServerCapabilities::default()
        },
        server_info: Some(ServerInfo {
            name: "mandate".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        ..InitializeResult::default()
    }
}

/// Modules, documents and folders are followed when they are renamed.
fn file_operations() -> WorkspaceFileOperationsServerCapabilities {
    let filter = |glob: &str, matches: FileOperationPatternKind| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern { glob: glob.to_owned(), matches: Some(matches), options: None },
    };
    let filters = vec![
        filter("**/*.{mandate,md}", FileOperationPatternKind::File),
        filter("**", FileOperationPatternKind::Folder),
    ];
    let told = Some(FileOperationRegistrationOptions { filters });
    WorkspaceFileOperationsServerCapabilities {
        will_rename: told.clone(),
        did_create: told.clone(),
        did_rename: told.clone(),
        did_delete: told,
        ..WorkspaceFileOperationsServerCapabilities::default()
    }
}

/// A client that cannot prepare must not be told of options.
fn rename(settings: Settings) -> OneOf<bool, RenameOptions> {
    match settings.prepares {
        true => OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        false => OneOf::Left(true),
    }
}

/// The folders the client has open; an old client names one only.
#[allow(deprecated)]
pub(crate) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| folder_path(&folder.uri)).collect(),
        None => params.root_uri.iter().filter_map(folder_path).collect(),
    }
}

/// The files whose changes on disk matter.
pub(crate) fn watchers() -> Registration {
    let patterns = ["**/*.mandate", "**/mandate.toml", "**/mandate.lock", "**/*.md"];
    let watchers =
        patterns.map(|pattern| FileSystemWatcher { glob_pattern: GlobPattern::String(pattern.to_owned()), kind: None });
    let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
    Registration {
        id: "mandate-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    }
}
