// Writes a file as the one comment of a pull request that this action has there: it is made once, and updated later.
//   GITHUB_API_URL, GITHUB_REPOSITORY, NUMBER and TOKEN say where; a token that may not comment is told, and fails nothing.
import { readFileSync } from 'node:fs';

const MARK = '<!-- istio-mtls diff -->';

/** What GitHub takes as the text of a comment. */
const LONGEST = 65_000;

const { GITHUB_API_URL = 'https://api.github.com', GITHUB_REPOSITORY, NUMBER, TOKEN } = process.env;

async function main([file]) {
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') return 'istio-mtls diff printed nothing: no comment is written';
  if (!NUMBER) return 'no pull request: no comment is written';
  const body = `${MARK}\n${text.length > LONGEST ? `${text.slice(0, LONGEST)}\n\nThe rest is in the summary of the run.` : text}\n`;
  const own = await ownComment();
  if (own && own.body === body) return `the comment is as it should be: ${own.html_url}`;
  const written = own
    ? await call(`/repos/${GITHUB_REPOSITORY}/issues/comments/${own.id}`, 'PATCH', { body })
    : await call(`/repos/${GITHUB_REPOSITORY}/issues/${NUMBER}/comments`, 'POST', { body });
  return `the comment is written: ${written.html_url}`;
}

/** Who the token's comments are by: anybody may write one that begins as the action's do. */
async function authorOf() {
  try {
    // Of a person's token or an app's user token; the job's own token has no user.
    return (await call('/user', 'GET')).login;
  } catch {
    return 'github-actions[bot]';
  }
}

/** The comment that the action made before, on whichever page it is. */
async function ownComment() {
  const author = await authorOf();
  for (let page = 1; ; page++) {
    const comments = await call(`/repos/${GITHUB_REPOSITORY}/issues/${NUMBER}/comments?per_page=100&page=${page}`, 'GET');
    const own = comments.find(({ body, user }) => body?.startsWith(MARK) && user?.login === author);
    if (own || comments.length < 100) return own;
  }
}

async function call(path, method, value) {
  const response = await fetch(`${GITHUB_API_URL}${path}`, {
    method,
    headers: { 'accept': 'application/vnd.github+json', 'authorization': `Bearer ${TOKEN}`, 'content-type': 'application/json', 'x-github-api-version': '2022-11-28' },
    body: value && JSON.stringify(value),
  });
  if (!response.ok) throw new Error(`${method} ${path.replace(/\?.*/, '')} gives ${response.status}`);
  return response.json();
}

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  // A pull request from a fork has a token that only reads: what diff says of it counts all the same.
  console.log(`::warning title=istio-mtls::the comment can't be written: ${error.message}`);
}
