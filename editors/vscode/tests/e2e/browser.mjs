// A headless browser. The driver lies in the cache folder, not in the extension's own dependencies.
import { createRequire } from 'node:module';
import path from 'node:path';

const { chromium } = createRequire(path.join(process.env.MANDATE_E2E_DRIVER, 'package.json'))('playwright-core');

/** Starts the browser that MANDATE_E2E_CHROMIUM names. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.MANDATE_E2E_CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}
