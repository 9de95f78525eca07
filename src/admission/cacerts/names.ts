// The one place where admission uses what certificates knows of the Secret's names.
/* eslint-disable import/no-restricted-paths */
export { CA_SECRET_NAME, CRL_KEY, FOUR_KEY_FORM, TLS_FORM } from '../../certificates/ca-secret';
export { shownName } from '../../certificates/shown-name';
