// Whether the commands of a page are the command's own: what a shell would make of a name that got into them.

const PROGRAMS = /^(?:istioctl|kubectl|istio-mtls|jq|openssl|base64|grep|head) /;
const LOOP = /^(?:for namespace in [a-z0-9. -]+; do|done)$/;
/** What a quoted text becomes: a word without meaning. */
const WORD = 'Q';

/** What is left once the quotes are read, and the substitutions that find a pod: nothing that means something to a shell. */
const PLAIN = /^[\w ./:=@,%+-]*$/;
const FINDS_POD = /"\$\((kubectl get pod -n [\w.-]+(?: -l [\w.,/=-]+)? -o [\w=]+(?: \| (?:head -n 1|grep -m 1 Q))?)\)(?:\.[\w.-]+)?"/g;

/** The first line of a page's blocks that a shell would take for something else than these commands; undefined: there is none. */
export function foreignCommandIn(page) {
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block.trimEnd().replaceAll(/ \\\n/g, ' ').split('\n')).find((line) => !isOwn(line.trim()));
}

function isOwn(line) {
  if (LOOP.test(line)) return true;
  const words = line.replaceAll(/'[^']*'/g, WORD).replaceAll('"$namespace"', WORD).replaceAll(FINDS_POD, WORD).replace(/ > config_dump\.json$/, '');
  return words.split(/ +\| +/).every((command) => PROGRAMS.test(command) && PLAIN.test(command));
}
