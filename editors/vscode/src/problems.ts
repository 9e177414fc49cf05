// What the program told about files, as entries in Problems.
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { inWords, Places, type Checked, type Span, type Told } from './findings';

const SEVERITIES = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, note: vscode.DiagnosticSeverity.Information };

/** Makes entries by file. A file that cannot be read is placed by line and column alone. */
export async function problemsOf(checked: Checked, source: string): Promise<Map<string, vscode.Diagnostic[]>> {
  const byFile = new Map<string, vscode.Diagnostic[]>();
  const places = new Map<string, Places | undefined>();
  const placesIn = async (file: string) => {
    if (!places.has(file)) {
      places.set(file, await readFile(file, 'utf8').then((text) => new Places(text), () => undefined));
    }
    return places.get(file);
  };
  for (const told of checked.diagnostics) {
    const entry = new vscode.Diagnostic(rangeOf(told.primary, await placesIn(told.file)), inWords(told), SEVERITIES[told.severity]);
    entry.source = source;
    entry.code = told.code;
    entry.relatedInformation = await related(told, placesIn);
    byFile.set(told.file, [...(byFile.get(told.file) ?? []), entry]);
  }
  return byFile;
}

async function related(told: Told, placesIn: (file: string) => Promise<Places | undefined>): Promise<vscode.DiagnosticRelatedInformation[]> {
  const all: vscode.DiagnosticRelatedInformation[] = [];
  for (const place of told.related) {
    // The standard library comes with the program and has no file that could be opened by this name.
    if (path.isAbsolute(place.file)) {
      const at = new vscode.Location(vscode.Uri.file(place.file), rangeOf(place, await placesIn(place.file)));
      all.push(new vscode.DiagnosticRelatedInformation(at, place.label));
    }
  }
  return all;
}

function rangeOf(span: Span, places: Places | undefined): vscode.Range {
  const above = (number: number | undefined) => Math.max((number ?? 1) - 1, 0);
  const start = places?.at(span.start) ?? { line: above(span.line), character: above(span.column) };
  const end = places?.at(span.end) ?? { line: above(span.endLine ?? span.line), character: above(span.endColumn ?? span.column) };
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
