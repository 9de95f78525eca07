// In the repository the README's links are relative, so that they lead to the same commit and branch. Packages are read
// elsewhere, on PyPI and in node_modules, where the pages aren't: there the links are absolute.
//
//   node tools/readme-links.cjs absolute   before npm packs README.md
//   node tools/readme-links.cjs relative   afterwards
//   node tools/readme-links.cjs assembly   in .jsii, of which the packages for other languages have their README
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

const BRANCH = 'main';
const IMAGE = /\.(?:gif|jpe?g|png|svg|webp)$/i;
const FENCE = /^(`{3,}|~{3,})[^\n]*\n[^]*?^\1[ \t]*$/gm;
/** In Markdown, with an optional title, and in the HTML that GitHub allows beside it. */
const LINK = /(\]\(|\b(?:href|src|srcset)=")([^\s")]+)/g;

/** Where GitHub shows a repository's files, and where it has their bytes, by the URL in package.json. */
function basesOf(repositoryUrl) {
  const [, path] = /^(?:git\+)?https:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(repositoryUrl) ?? [];
  if (!path) throw new Error(`package.json: repository.url is '${repositoryUrl}'; expected one of https://github.com`);
  return { page: `https://github.com/${path}/blob/${BRANCH}/`, image: `https://raw.githubusercontent.com/${path}/${BRANCH}/` };
}

/** The text with each link to a file of the repository made absolute. Code stays as it is. */
function withAbsoluteLinks(markdown, repositoryUrl) {
  const { page, image } = basesOf(repositoryUrl);
  return linked(markdown, (target) => {
    if (/^(?:[a-z][a-z+.-]*:|#|\/\/)/i.test(target)) return target;
    const path = target.replace(/^\.\//, '');
    return (IMAGE.test(path) ? image : page) + path;
  });
}

/** The text with links to files of the repository as they stand there: the inverse of `withAbsoluteLinks`. */
function withRelativeLinks(markdown, repositoryUrl) {
  const bases = Object.values(basesOf(repositoryUrl));
  return linked(markdown, (target) => target.slice(bases.find((base) => target.startsWith(base))?.length ?? 0));
}

function linked(markdown, change) {
  const changed = (text) => text.replace(LINK, (_, before, target) => before + change(target));
  let end = 0;
  let text = '';
  for (const { index, 0: fence } of markdown.matchAll(FENCE)) {
    text += changed(markdown.slice(end, index)) + fence;
    end = index + fence.length;
  }
  return text + changed(markdown.slice(end));
}

module.exports = { withAbsoluteLinks, withRelativeLinks };

if (require.main === module) {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const readme = join(root, 'README.md');
  const assembly = join(root, '.jsii');
  const verbs = {
    absolute: () => writeFileSync(readme, withAbsoluteLinks(readFileSync(readme, 'utf8'), repository.url)),
    relative: () => writeFileSync(readme, withRelativeLinks(readFileSync(readme, 'utf8'), repository.url)),
    assembly: () => {
      const content = JSON.parse(readFileSync(assembly, 'utf8'));
      content.readme.markdown = withAbsoluteLinks(content.readme.markdown, repository.url);
      writeFileSync(assembly, `${JSON.stringify(content, null, 2)}\n`);
    },
  };
  verbs[process.argv[2]]();
}
