/** The output formats of `connections`. */
export const CONNECTION_FORMATS = ['table', 'json', 'csv'] as const;

export type ConnectionFormat = typeof CONNECTION_FORMATS[number];

/** The JSON formats: 1 is an array of connections, 2 an object with the hops of each connection. */
export const JSON_FORMATS = ['1', '2'] as const;

export type JsonFormat = typeof JSON_FORMATS[number];
