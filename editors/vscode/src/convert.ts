// Places and trees of the protocol as the editor has them.
import * as vscode from 'vscode';
import type { Position, Range } from './protocol';

/** A place. */
export function toPosition(position: Position): vscode.Position {
  return new vscode.Position(position.line, position.character);
}

/** A stretch of text. */
export function toRange(range: Range): vscode.Range {
  return new vscode.Range(toPosition(range.start), toPosition(range.end));
}

/** A stretch of text in a document, by the address the server gave. */
export function toLocation(uri: string, range: Range): vscode.Location {
  return new vscode.Location(vscode.Uri.parse(uri), toRange(range));
}

/** Opens a document with a stretch of it selected. */
export async function reveal(uri: string, range: Range, preserveFocus = false): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: toRange(range), preserveFocus, viewColumn: vscode.ViewColumn.One });
}
