// Pages of the policy book, made fit for being shown inside the editor.
import * as path from 'node:path';
import { escape } from '../graph/draw';

/** What a page needs to run inside the editor. */
export interface BookFrame {
  nonce: string;
  cspSource: string;
  /** Address of the folder of the page, with a slash at its end. */
  base: string;
  /** Address of the script that passes clicks on. */
  script: string;
}

/** The page with its style, without its scripts; searching is the editor's own. `anchor`: the part to begin at. */
export function bookPage(html: string, frame: BookFrame, anchor: string): string {
  const policy = `default-src 'none'; img-src ${frame.cspSource}; style-src ${frame.cspSource} 'nonce-${frame.nonce}'; script-src 'nonce-${frame.nonce}'; form-action 'none'; base-uri ${frame.cspSource}`;
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">`,
    `<base href="${escape(frame.base)}">`,
    `<style nonce="${escape(frame.nonce)}">form.search, nav a[href$="search.html"] { display: none }</style>`,
  ];
  const foot = `<script nonce="${escape(frame.nonce)}" src="${escape(frame.script)}" data-anchor="${escape(anchor)}"></script>`;
  const plain = html.replace(/<script\b[^>]*>[\s\S]*?<\/script>/gi, '');
  return plain.replace(/<head>/i, (tag) => tag + head.join('')).replace(/<\/body>/i, (tag) => foot + tag);
}

/** Where a link of a page leads, both relative to the book; `undefined` for what is no page of it. */
export function follow(page: string, href: string): { page: string; anchor: string } | undefined {
  const [file = '', anchor = ''] = href.split('#', 2);
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(page), decode(file)));
  const inside = !target.startsWith('../') && !path.posix.isAbsolute(target) && !target.includes('\\') && !target.includes('\0');
  return inside && target.endsWith('.html') ? { page: target, anchor: decode(anchor) } : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
