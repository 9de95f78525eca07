import { Route, RouteAnswer } from './route';

/** Where a client's proxy sends a call. */
export type Way =
  /** To services, each possible. */
  | { readonly to: 'services'; readonly answer: RouteAnswer; readonly route?: Route }
  /** To the address that the application called, as the application sent it. */
  | { readonly to: 'address' }
  /** Nowhere: the scope knows no such destination, and unknown ones are forbidden. */
  | { readonly to: 'nowhere' }
  | { readonly to: 'unknown'; readonly because: 'egress-proxy' };
