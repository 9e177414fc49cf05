// The life of the language server: start, death, restart, end.
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import { Located } from './locate';
import { Patience, TOLERATED_ENDS } from './patience';
import { Status } from './status';

/** Lines of the server's error output that are kept to say why it ended. */
const KEPT_LINES = 5;

/** How long a server that is asked to end may take, in milliseconds. */
const END_TIMEOUT_MS = 2000;

/** Starts, restarts and ends the one server of this window. */
export class Server {
  private client: Client | undefined;
  private started: Promise<void> | undefined;
  private patience = new Patience();
  private program: string | undefined;
  // Starts and stops run one after the other, whoever asks for them.
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly locate: () => Located,
    private readonly log: vscode.LogOutputChannel,
    private readonly show: (status: Status) => void,
    private readonly complain: (reason: string) => void,
  ) {}

  /** Starts the server, ending the one that runs. Never rejects: a failure is shown. */
  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.patience = new Patience();
      await this.begin();
    });
  }

  /** Restarts if another program would now be started than the one that was. */
  restartIfMoved(): Promise<void> {
    const located = this.locate();
    return (located.found ? located.program : undefined) === this.program ? Promise.resolve() : this.restart();
  }

  /** Ends the server. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    // A server that never answers `initialize` must not hold up the restart that would end it.
    if (this.client?.state === State.Starting) {
      this.client.serverProcess?.kill();
    }
    this.queue = this.queue.then(work).catch((error) => this.fail(String(error)));
    return this.queue;
  }

  private async begin(): Promise<void> {
    const located = this.locate();
    this.program = located.found ? located.program : undefined;
    if (!located.found) {
      this.fail(located.reason);
      return;
    }
    this.log.info(`Starting ${located.program} lsp (${located.origin})`);
    const client = new Client(located.program, this.log, (wasRunning, said) => this.died(client, wasRunning, said));
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) {
        return;
      }
      if (newState === State.Starting) {
        this.show({ kind: 'starting', program: located.program });
      } else if (newState === State.Running) {
        this.show({ kind: 'running', program: located.program, version: client.initializeResult?.serverInfo?.version });
      }
    });
    this.client = client;
    this.started = client.start();
    try {
      await this.started;
    } catch (error) {
      this.fail(client.lastWords() ?? (error instanceof Error ? error.message : String(error)));
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) {
      return;
    }
    try {
      await this.started?.catch(() => undefined);
      if (client.state === State.Running) {
        await client.stop(END_TIMEOUT_MS);
      }
    } catch (error) {
      this.log.warn(`The server did not end as asked: ${String(error)}`);
    }
    client.serverProcess?.kill();
    this.show({ kind: 'stopped' });
  }

  /** The server went away without being asked. Says whether the client starts it again. */
  private died(client: Client, wasRunning: boolean, said: string | undefined): boolean {
    if (client !== this.client) {
      return false;
    }
    if (wasRunning && this.patience.startAgain(Date.now())) {
      this.log.warn(`The server ended: ${said ?? 'it said nothing'}. Starting it again.`);
      return true;
    }
    if (wasRunning) {
      this.fail(`The language server ended ${TOLERATED_ENDS + 1} times within three minutes. ${said ?? 'It did not say why.'}`);
    }
    // A server that dies before it answered makes `start` fail, which is reported there.
    return false;
  }

  private fail(reason: string): void {
    this.log.error(reason);
    this.show({ kind: 'failed', reason });
    this.complain(reason);
  }
}

/** The protocol client of one program, whose failures are reported by `Server` and not by the library's own pop-ups. */
class Client extends LanguageClient {
  private said: string[] = [];

  constructor(
    program: string,
    log: vscode.LogOutputChannel,
    died: (wasRunning: boolean, said: string | undefined) => boolean,
  ) {
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
    super(
      'mandate',
      'Mandate',
      { command: program, args: ['lsp'], options: folder === undefined ? {} : { cwd: folder } },
      {
        documentSelector: [
          { scheme: 'file', language: 'mandate' },
          { scheme: 'untitled', language: 'mandate' },
        ],
        outputChannel: log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        stdioOptions: {
          stdout: () => undefined,
          stderr: (input) => {
            createInterface({ input, crlfDelay: Infinity }).on('line', (line) => {
              log.info(line);
              if (line.trim() !== '') {
                this.said = [...this.said, line.trim()].slice(-KEPT_LINES);
              }
            });
          },
        },
        errorHandler: {
          error: (_error, _message, count) => ({ action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown, handled: true }),
          closed: async () => {
            const wasRunning = this.state === State.Running;
            // The last words may arrive after the connection closed.
            await new Promise((resolve) => setTimeout(resolve, 100));
            const again = died(wasRunning, this.lastWords());
            this.said = [];
            return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
  }

  /** The end of the server's error output, if it wrote any. */
  lastWords(): string | undefined {
    return this.said.length === 0 ? undefined : this.said.join('\n');
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
