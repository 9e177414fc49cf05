// The life of the language server: start, death, restart, end.
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import { Located } from './locate';
import { Patience, TOLERATED_ENDS } from './patience';
import { INITIALIZATION_OPTIONS } from './protocol';
import { Status } from './status';

/** Lines of the server's error output that are kept to say why it ended. */
const KEPT_LINES = 5;

/** How long to wait for the error output of a server that ended, in milliseconds. */
const LAST_WORDS_MS = 500;

/** How long a server that is asked to end may take, in milliseconds. */
const END_TIMEOUT_MS = 2000;

/** Starts, restarts and ends the one server of this window. */
export class Server {
  private client: Client | undefined;
  private patience = new Patience();
  private program: string | undefined;
  // Starts and stops run one after the other, whoever asks for them.
  private queue: Promise<void> = Promise.resolve();
  private readonly started = new vscode.EventEmitter<void>();
  private readonly scenariosChanged = new vscode.EventEmitter<void>();

  /** A server has started and answers. */
  readonly onDidStart = this.started.event;

  /** The server says that the list of scenarios is another one. */
  readonly onScenariosChanged = this.scenariosChanged.event;

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

  /** Asks the running server. Rejects when none runs, and with the server's error. */
  request<Answer>(method: string, params: object, token?: vscode.CancellationToken): Promise<Answer> {
    const client = this.client;
    if (client?.state !== State.Running) {
      return Promise.reject(new Error('The language server does not run.'));
    }
    // A token that is not there would be sent as a second parameter.
    return token === undefined ? client.sendRequest<Answer>(method, params) : client.sendRequest<Answer>(method, params, token);
  }

  /** Ends the server. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const starting = this.client;
    if (starting?.state === State.Starting) {
      // A server that never answers must not hold up what would end it. From here on nobody asks how it ended.
      this.client = undefined;
      starting.serverProcess?.kill();
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
    this.show({ kind: 'starting', program: located.program });
    const client = new Client(located.program, this.log, (said) => this.died(client, said));
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      const said = await client.lastWords();
      if (client === this.client) {
        this.client = undefined;
        this.fail(said ?? `The language server did not start: ${error instanceof Error ? error.message : String(error)}`);
      }
      return;
    }
    if (client === this.client) {
      client.onNotification('mandate/scenariosChanged', () => this.scenariosChanged.fire());
      this.show({ kind: 'running', program: located.program, version: client.initializeResult?.serverInfo?.version });
      this.started.fire();
    } else {
      await this.dismiss(client);
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      await this.dismiss(client);
    }
    this.show({ kind: 'stopped' });
  }

  private async dismiss(client: Client): Promise<void> {
    try {
      await client.stop(END_TIMEOUT_MS);
    } catch (error) {
      this.log.warn(`The server did not end as asked: ${String(error)}`);
      client.serverProcess?.kill();
    }
  }

  /** A running server went away without being asked. */
  private died(client: Client, said: string | undefined): void {
    if (client !== this.client) {
      return;
    }
    this.client = undefined;
    if (this.patience.startAgain(Date.now())) {
      this.log.warn(`The server ended (${said ?? 'it said nothing'}) and is started again.`);
      void this.inTurn(() => (this.client === undefined ? this.begin() : Promise.resolve()));
    } else {
      this.fail(`The language server ended ${TOLERATED_ENDS + 1} times within three minutes. ${said ?? 'It did not say why.'}`);
    }
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
  private silent: Promise<void> = Promise.resolve();

  constructor(
    program: string,
    log: vscode.LogOutputChannel,
    died: (said: string | undefined) => void,
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
        initializationOptions: INITIALIZATION_OPTIONS,
        synchronize: { configurationSection: 'mandate' },
        outputChannel: log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        stdioOptions: {
          stdout: () => undefined,
          stderr: (input) => {
            const lines = createInterface({ input, crlfDelay: Infinity });
            this.silent = new Promise((resolve) => lines.once('close', resolve));
            lines.on('line', (line) => {
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
            const said = await this.lastWords();
            if (wasRunning) {
              died(said);
            }
            // A server that ends before it answered makes `start` fail, which is reported there. The next start is a new client's.
            return { action: CloseAction.DoNotRestart, handled: true, message: 'The connection to the server is closed.' };
          },
        },
      },
    );
  }

  /** The end of the error output of a server that ended, if it wrote any. */
  async lastWords(): Promise<string | undefined> {
    // They may arrive after the connection closed; a process that inherited the output may keep it open.
    await Promise.race([this.silent, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
    return this.said.length === 0 ? undefined : this.said.join('\n');
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
