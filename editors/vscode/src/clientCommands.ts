// Commands that lenses, hovers and actions of the server name.
import * as vscode from 'vscode';
import { toLocation, toPosition } from './convert';
import { isObject } from './findings';
import { CLIENT_COMMANDS, isUnknownRequest, type Position, type Range, type WhyAnswer } from './protocol';
import type { Server } from './server';
import type { Scenarios } from './testing/controller';
import type { Pages } from './views/page';
import type { WhyView } from './views/why';

/** What the commands work on. */
export interface Parts {
  server: Server;
  scenarios: Scenarios;
  pages: Pages;
  why: WhyView;
  tell(reason: string): void;
}

/** Registers them. Arguments come from outside: what is not of the right kind is passed over. */
export function registerClientCommands(parts: Parts): vscode.Disposable[] {
  const register = vscode.commands.registerCommand;
  return [
    register(CLIENT_COMMANDS.runScenario, async (uri: unknown, title: unknown) => {
      if (typeof uri === 'string' && typeof title === 'string') {
        await parts.scenarios.runOne(uri, title);
      }
    }),
    register(CLIENT_COMMANDS.showReferences, async (uri: unknown, position: unknown, locations: unknown) => {
      if (typeof uri === 'string' && isPosition(position) && Array.isArray(locations)) {
        const places = locations.filter(isLocation).map((place) => toLocation(place.uri, place.range));
        await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), toPosition(position), places);
      }
    }),
    register(CLIENT_COMMANDS.showPage, async (title: unknown, markdown: unknown) => {
      if (typeof title === 'string' && typeof markdown === 'string') {
        await parts.pages.show(title, markdown, true);
      }
    }),
    register(CLIENT_COMMANDS.showWhy, async (uri: unknown, position: unknown) => {
      if (typeof uri === 'string' && isPosition(position)) {
        await showWhy(parts, uri, position);
      }
    }),
  ];
}

/** Shows why the `expect` line at a place came out as it did. */
export async function showWhy(parts: Parts, uri: string, position: Position): Promise<void> {
  try {
    const answer = await parts.server.request<WhyAnswer | null>('mandate/why', { textDocument: { uri }, position });
    if (answer === null) {
      void vscode.window.showInformationMessage('Mandate: put the cursor on an `expect` line of a scenario, or on a record of an assessed data file.');
    } else {
      await parts.why.show(answer.title, answer.tree);
    }
  } catch (error) {
    parts.tell(isUnknownRequest(error) ? 'This "mandate" program is too old to say why.' : String(error instanceof Error ? error.message : error));
  }
}

function isPosition(value: unknown): value is Position {
  return isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}

function isLocation(value: unknown): value is { uri: string; range: Range } {
  return isObject(value) && typeof value['uri'] === 'string' && isObject(value['range']) && isPosition(value['range']['start']) && isPosition(value['range']['end']);
}
