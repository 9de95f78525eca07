/** What a path of the command line may be. */
export const PATH_HELP = `
PATH is a file, a folder (its *.yaml, *.yml and *.json, and those of the folders in it), a pattern in
quotes, or - for standard input.
`;
