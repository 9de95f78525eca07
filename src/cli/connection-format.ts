/** How `connections` can print. */
export const CONNECTION_FORMATS = ['table', 'json', 'csv'] as const;

export type ConnectionFormat = typeof CONNECTION_FORMATS[number];
