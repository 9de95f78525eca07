/** How the sidecars write their access log. */
export enum AccessLogEncoding {
  TEXT = 'TEXT',
  JSON = 'JSON',
}
