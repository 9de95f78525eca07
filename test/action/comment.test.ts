// The action's comment against an API on loopback, which answers as GitHub's documentation of issue comments says. GitHub itself isn't asked.
import { spawn } from 'node:child_process';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { folderWith, removeFolders } from '../support/command/scratch';

interface Comment { id: number; body: string; html_url: string; user: { login: string } }

const BOT = 'github-actions[bot]';
let login: string | undefined;

const MARK = '<!-- istio-mtls diff -->\n';
let server: Server | undefined;
let comments: Comment[] = [];
let calls: string[] = [];
let refuses = false;

beforeAll(async () => {
  server = createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk) => { sent += chunk; }).on('end', () => {
      const { pathname, searchParams } = new URL(request.url!, 'http://x');
      calls.push(`${request.method} ${pathname} ${request.headers.authorization}`);
      const page = Number(searchParams.get('page') ?? 1);
      const answer = (status: number, value: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (pathname === '/user') {answer(login ? 200 : 403, { login });} else if (refuses && request.method !== 'GET') {answer(403, { message: 'Resource not accessible by integration' });} else if (request.method === 'GET') {answer(200, comments.slice((page - 1) * 100, page * 100));} else if (request.method === 'POST') {
        comments.push({ id: comments.length + 1, body: JSON.parse(sent).body, html_url: `http://x/${comments.length + 1}`, user: { login: login ?? BOT } });
        answer(201, comments.at(-1));
      } else {
        const found = comments.find(({ id }) => String(id) === pathname.split('/').at(-1))!;
        found.body = JSON.parse(sent).body;
        answer(200, found);
      }
    });
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
});

afterAll(async () => {
  removeFolders();
  await new Promise((done) => server!.close(done));
});

beforeEach(() => {
  [comments, calls, refuses, login] = [[], [], false, undefined];
});

function comment(text: string, env: NodeJS.ProcessEnv = {}): Promise<{ out: string; status: number | null }> {
  const folder = folderWith({ 'diff.md': text });
  const url = `http://127.0.0.1:${(server!.address() as AddressInfo).port}`;
  const own = { PATH: process.env.PATH, GITHUB_API_URL: url, GITHUB_REPOSITORY: 'me/mesh', NUMBER: '7', TOKEN: 'sesame', ...env };
  const child = spawn(process.execPath, [join(__dirname, '../../action/comment.mjs'), join(folder, 'diff.md')], { env: own });
  let out = '';
  child.stdout.on('data', (chunk) => { out += chunk; });
  return new Promise((done) => child.on('close', (status) => done({ out, status })));
}

test('the first run makes a comment, later ones update it', async () => {
  expect(await comment('### one\n')).toEqual({ out: 'the comment is written: http://x/1\n', status: 0 });
  expect(await comment('### two\n')).toEqual({ out: 'the comment is written: http://x/1\n', status: 0 });
  expect(comments.map(({ body }) => body)).toEqual([`${MARK}### two\n`]);
  expect(calls.every((call) => call.endsWith('Bearer sesame'))).toBe(true);
});

test('what says the same stays', async () => {
  await comment('### one');
  calls = [];
  expect((await comment('### one')).out).toBe('the comment is as it should be: http://x/1\n');
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['GET', 'GET']);
});

test('it is found among many, and comments of others stay', async () => {
  comments = Array.from({ length: 150 }, (_, index) => ({ id: index + 1, body: index === 120 ? `${MARK}old` : `about ${MARK}`, html_url: `http://x/${index + 1}`, user: { login: BOT } }));
  await comment('new');
  expect([comments.length, comments[120].body, comments[119].body]).toEqual([150, `${MARK}new\n`, `about ${MARK}`]);
});

test.each([undefined, 'deployer'])('a comment that somebody else began in the same way stays, for the token of %s', async (user) => {
  login = user;
  comments = [{ id: 1, body: `${MARK}✅ nothing changes`, html_url: 'http://x/1', user: { login: 'mallory' } }];
  await comment('### one');
  await comment('### two');
  expect(comments.map(({ body, user: { login: by } }) => `${by} ${body}`)).toEqual([`mallory ${MARK}✅ nothing changes`, `${user ?? BOT} ${MARK}### two\n`]);
});

test('a token that may not comment fails nothing', async () => {
  refuses = true;
  expect(await comment('### one')).toEqual({
    out: '::warning title=istio-mtls::the comment can\'t be written: POST /repos/me/mesh/issues/7/comments gives 403\n', status: 0,
  });
});

test.each([['', {}, 'istio-mtls diff printed nothing: no comment is written\n'], ['x', { NUMBER: '' }, 'no pull request: no comment is written\n']])(
  'nothing is written for %j with %j', async (text, env, expected) => {
    expect(await comment(text, env)).toEqual({ out: expected, status: 0 });
    expect(calls).toEqual([]);
  });

test('a long text is cut', async () => {
  await comment('x'.repeat(70_000));
  expect(comments[0].body.length).toBeLessThan(65_536);
  expect(comments[0].body).toMatch(/The rest is in the summary of the run\.\n$/);
});
