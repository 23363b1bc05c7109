import { chromium, type Browser } from 'playwright-core';

/**
 * Starts Debian's Chromium without a window and with a profile of its own, which is gone when the browser is closed, or when this
 * process ends.
 *
 * @throws Error when it is not installed, or does not start.
 */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    // Its sandbox needs user namespaces, which containers often do not have; it opens nothing but our own page.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    timeout: 30_000,
  });

/** Where Debian's package `chromium` puts it. */
export const CHROMIUM = '/usr/bin/chromium';
