import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const MOST = 16;
const LONGEST = 320;

/** Objects to what isn't `serviceAccount` or `namespace/serviceAccount`, and to more than 16 of them. */
export function judgeServiceAccounts(at: Objections, accounts: readonly string[] | undefined): void {
  if ((accounts ?? []).length > MOST) {
    objectToAccount(at, `${accounts?.length} values`, `at most ${MOST}`, 'split the rule in two');
  }
  (accounts ?? []).forEach((account, index) => judgeServiceAccount(at.at(index), account));
}

function judgeServiceAccount(at: Objections, account: string): void {
  if (account.includes('*')) {
    objectToAccount(at, shown(account), 'a service account without \'*\'', 'name each account, or match \'principals\', which take a wildcard');
  } else if (!/^[^/]+(\/[^/]+)?$/.test(account)) {
    objectToAccount(at, shown(account), '\'serviceAccount\' or \'namespace/serviceAccount\'', 'write for example \'prod/frontend\'');
  } else if (Buffer.byteLength(account) > LONGEST) {
    objectToAccount(at, shown(account), `at most ${LONGEST} characters`, 'write the namespace and the account only');
  }
}

function objectToAccount(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT464', actual, expected, because: 'each is compared with one Kubernetes service account', fix });
}
