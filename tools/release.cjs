// What a release needs to know and to try: docs/releasing.md tells how one is made.
//
//   node tools/release.cjs version [--unreleased]   the version, if the top of CHANGELOG.md has the day of its release
//   node tools/release.cjs notes                    what that section says
//   node tools/release.cjs dry-run                  tries dist/ on what needs no account
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = join(__dirname, '..');

/** The newest section of a changelog: `## VERSION (DAY)`, or `## VERSION (unreleased)`. */
function topSection(changelog) {
  const [heading, version, day] = /^## (\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2}|unreleased)\)$/m.exec(changelog) ?? [];
  const first = /^## .*$/m.exec(changelog)?.[0];
  if (!heading || heading !== first) throw new Error(`CHANGELOG.md: its first section is '${first}'; expected '## 1.2.3 (2027-01-31)' or '## 1.2.3 (unreleased)'`);
  const after = changelog.slice(changelog.indexOf(heading) + heading.length);
  return { version, day: day === 'unreleased' ? undefined : day, notes: after.split(/^## /m)[0].trim() };
}

/** The version to release. Throws unless package.json has it, and the changelog the day. */
function releasedVersion({ changelog, packageVersion, unreleased = false }) {
  const { version, day } = topSection(changelog);
  if (version !== packageVersion) throw new Error(`package.json has version ${packageVersion}; expected ${version}, as CHANGELOG.md has. Fix: run npx projen, and commit what it writes.`);
  if (!day && !unreleased) throw new Error(`CHANGELOG.md: ${version} is unreleased; expected the day of its release. Fix: write '## ${version} (YYYY-MM-DD)'.`);
  return version;
}

/** Tries the packages in dist/ on what needs neither an account nor the registries' answers. Throws when one would be refused. */
function dryRun() {
  const dist = (...path) => join(root, 'dist', ...path);
  const run = (command, args, env = {}) => {
    console.log(`$ ${[command, ...args].join(' ')}`);
    execFileSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  };
  const only = (folder, ending) => {
    const found = readdirSync(dist(folder)).filter((name) => name.endsWith(ending));
    if (found.length !== 1) throw new Error(`dist/${folder} has ${found.length} files '*${ending}'; expected 1. Fix: npm run release:build, in a folder dist/ that was empty.`);
    return dist(folder, found[0]);
  };
  const scratch = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    run('npm', ['publish', '--dry-run', '--access', 'public', only('js', '.tgz')]);
    run('python3', ['-m', 'venv', join(scratch, 'venv')]);
    run(join(scratch, 'venv', 'bin', 'pip'), ['install', '--quiet', 'twine<6.2.0']);
    run(join(scratch, 'venv', 'bin', 'twine'), ['check', '--strict', only('python', '.whl'), only('python', '.tar.gz')]);
    // A folder is a Maven repository, too: what is put there is what Maven Central would get, but for the signatures.
    run('npm', ['run', 'release:maven'], {
      MAVEN_SERVER_ID: 'folder', MAVEN_REPOSITORY_URL: pathToFileURL(join(scratch, 'maven')).href, MAVEN_USERNAME: 'nobody', MAVEN_PASSWORD: 'nothing',
    });
    const put = readdirSync(join(scratch, 'maven'), { recursive: true, encoding: 'utf8' });
    const missing = ['.pom', '.jar', '-javadoc.jar', '-sources.jar'].filter((ending) => !put.some((name) => name.endsWith(ending)));
    if (missing.length > 0) throw new Error(`dist/java: ${missing.join(', ')} is missing; expected all four, as Maven Central does`);
    goModule(dist('go'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log('dist/ is ready: nothing was published');
}

/** Each Go module says where it is looked for, its version, and its licence, without which pkg.go.dev shows no documentation. */
function goModule(folder) {
  const { jsii } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { moduleName, packageName } = jsii.targets.go;
  const read = (name) => readFileSync(join(folder, packageName, name), 'utf8').trim();
  const path = /^module (.*)$/m.exec(read('go.mod'))?.[1];
  if (path !== `${moduleName}/${packageName}`) throw new Error(`dist/go: the module is '${path}'; expected '${moduleName}/${packageName}'`);
  read('LICENSE');
  console.log(`${path} v${read('version')}`);
}

module.exports = { topSection, releasedVersion };

if (require.main === module) {
  const [verb, ...options] = process.argv.slice(2);
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const { version: packageVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const verbs = {
    'version': () => console.log(releasedVersion({ changelog, packageVersion, unreleased: options.includes('--unreleased') })),
    'notes': () => console.log(topSection(changelog).notes),
    'dry-run': dryRun,
  };
  try {
    if (!verbs[verb]) throw new Error(`'${verb}' is no verb; expected ${Object.keys(verbs).join(', ')}`);
    verbs[verb]();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
