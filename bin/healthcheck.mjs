/**
 * `node bin/healthcheck.mjs http://127.0.0.1:7300/readyz`: ends with 0 when the address answers 2xx, else with 1 and what it said.
 * For a container's health check or a monitoring agent, where there is no curl.
 */
const ANSWER_MS = 5_000;
const [address] = process.argv.slice(2);

try {
  const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) fail(`${response.status} ${await response.text()}`);
} catch (error) {
  fail(error.cause?.code ?? error.message);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
