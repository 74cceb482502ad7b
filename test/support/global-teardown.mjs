/** Stops the server that `global-setup.mjs` started and removes its data. */
export default async function globalTeardown() {
  await globalThis.heyiTestServer?.stop();
  globalThis.heyiTestServer = undefined;
  delete process.env.HEYI_TEST_SERVER_URL;
}
