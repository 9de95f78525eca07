// The workflows of GitHub: what a change must pass, and how a release is published. docs/releasing.md tells how to run one.
import { Project, YamlFile } from 'projen';

/** By commit, since a tag can be moved; the release that each is. */
const ACTIONS = {
  checkout: 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683', // v4.2.2
  node: 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020', // v4.4.0
  python: 'actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065', // v5.6.0
  java: 'actions/setup-java@c5195efecf7bdfc987ee8bae7a71cb8b11521c00', // v4.7.1
  go: 'actions/setup-go@d35c59abb061a4a6fb18e82ac0862c26744d6ab5', // v5.5.0
  upload: 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02', // v4.6.2
  download: 'actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093', // v4.3.0
};

/** npm publishes without a token, by the identity of the workflow, from this version on. */
const NPM = '11.5.1';

const READ = { contents: 'read' };
const UBUNTU = 'ubuntu-24.04';
const checkout = { uses: ACTIONS.checkout, with: { 'persist-credentials': false } };
const node = { uses: ACTIONS.node, with: { 'node-version': '22' } };
const python = { uses: ACTIONS.python, with: { 'python-version': '3.13' } };
const java = { uses: ACTIONS.java, with: { 'distribution': 'temurin', 'java-version': '17' } };
const go = { uses: ACTIONS.go, with: { 'go-version': 'stable', 'cache': false } };
const built = { uses: ACTIONS.download, with: { name: 'dist', path: 'dist' } };

export function workflows(project: Project): void {
  new YamlFile(project, '.github/workflows/ci.yml', { marker: true, obj: ci() });
  new YamlFile(project, '.github/workflows/release.yml', { marker: true, obj: release() });
}

function ci() {
  return {
    name: 'ci',
    on: { pull_request: {}, push: { branches: ['main'] }, workflow_call: {} },
    permissions: READ,
    jobs: {
      ci: {
        'runs-on': UBUNTU,
        'timeout-minutes': 120,
        'steps': [checkout, node, python, java, go, { run: 'sudo --preserve-env env "PATH=$PATH" .ci/run' }],
      },
    },
  };
}

function release() {
  return {
    name: 'release',
    on: {
      workflow_dispatch: {
        inputs: { publish: { description: 'Publish. Without it all is built and checked, and nothing leaves the workflow.', type: 'boolean', default: false } },
      },
    },
    permissions: READ,
    concurrency: { group: 'release' },
    jobs: {
      ci: { uses: './.github/workflows/ci.yml' },
      build: {
        'needs': 'ci',
        'runs-on': UBUNTU,
        'timeout-minutes': 60,
        'outputs': { version: '${{ steps.version.outputs.version }}' },
        'steps': [
          checkout, node, python, java, go,
          { run: 'npm ci' },
          // A trial may come before the changelog has the day.
          { id: 'version', run: `version="$(npm run --silent release:version ${"${{ inputs.publish && '' || '-- --unreleased' }}"})"\necho "version=$version" >> "$GITHUB_OUTPUT"` },
          { run: 'npm run release:build' },
          { run: 'npm run release:dry-run' },
          { run: 'npm run --silent release:notes > dist/notes.md' },
          { uses: ACTIONS.upload, with: { 'name': 'dist', 'path': 'dist', 'if-no-files-found': 'error' } },
        ],
      },
      npm: publisher([node, { run: `npm install --global npm@${NPM}` }], 'release:npm', { identity: true }),
      pypi: publisher([node, python], 'release:pypi', { identity: true, env: { PYPI_TRUSTED_PUBLISHER: 'true' } }),
      maven: publisher([node, java], 'release:maven', {
        env: {
          MAVEN_SERVER_ID: 'central-ossrh',
          MAVEN_USERNAME: '${{ secrets.MAVEN_USERNAME }}',
          MAVEN_PASSWORD: '${{ secrets.MAVEN_PASSWORD }}',
          MAVEN_GPG_PRIVATE_KEY: '${{ secrets.MAVEN_GPG_PRIVATE_KEY }}',
          MAVEN_GPG_PRIVATE_KEY_PASSPHRASE: '${{ secrets.MAVEN_GPG_PRIVATE_KEY_PASSPHRASE }}',
        },
      }),
      go: publisher([node], 'release:go', {
        env: { GITHUB_TOKEN: '${{ secrets.GO_GITHUB_TOKEN }}', GIT_USER_NAME: 'github-actions', GIT_USER_EMAIL: 'github-actions@github.com' },
      }),
      // Last, so that what the tag names can be installed.
      github: {
        'needs': ['build', 'npm', 'pypi', 'maven', 'go'],
        'if': '${{ inputs.publish }}',
        'runs-on': UBUNTU,
        'timeout-minutes': 10,
        'permissions': { contents: 'write' },
        'steps': [built, {
          run: 'gh release create "v$VERSION" --repo "$GITHUB_REPOSITORY" --target "$GITHUB_SHA" --title "v$VERSION" --notes-file dist/notes.md dist/js/*.tgz',
          env: { GH_TOKEN: '${{ github.token }}', VERSION: '${{ needs.build.outputs.version }}' },
        }],
      },
    },
  };
}

/** A job with one registry's rights, that runs nothing of what the project depends on; by `identity` it publishes without a token. */
function publisher(tools: object[], script: string, { identity = false, env }: { identity?: boolean; env?: Record<string, string> }) {
  return {
    'needs': 'build',
    'if': '${{ inputs.publish }}',
    'runs-on': UBUNTU,
    'timeout-minutes': 60,
    'environment': 'release', // its reviewers say yes, and it has the secrets
    'permissions': { ...READ, ...identity && { 'id-token': 'write' } },
    'steps': [checkout, ...tools, built, { run: `npm run ${script}`, ...env && { env } }],
  };
}
