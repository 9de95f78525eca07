// Test files that run as one: those that the runner names.
for (const path of globalThis.testFiles) require(path);
