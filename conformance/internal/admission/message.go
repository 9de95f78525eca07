package admission

import "strings"

// stages are the beginnings of the webhook's messages, in the order in which
// it makes its checks.
var stages = []struct{ prefix, stage string }{
	{"could not decode", "decode"},
	{"cannot decode configuration", "decode"},
	{"unrecognized type", "unknown-type"},
	{"error decoding configuration: ", "convert"},
	{"configuration is invalid: ", "validate"},
	{"unknown field ", "fields"},
}

func stageOf(message string) string {
	for _, known := range stages {
		if strings.HasPrefix(message, known.prefix) {
			return known.stage
		}
	}
	return "unknown"
}

// errorsOf takes a go-multierror text apart: "N errors occurred:" and one
// "\t* error" a line. A text of another form is one error.
func errorsOf(message string) []string {
	if message == "" {
		return []string{}
	}
	body := strings.TrimPrefix(message, "configuration is invalid: ")
	head, list, found := strings.Cut(body, " occurred:\n\t* ")
	if !found || !strings.Contains(head, " error") {
		return []string{body}
	}
	errors := []string{}
	for _, entry := range strings.Split(strings.TrimSpace(list), "\n\t* ") {
		errors = append(errors, strings.TrimSpace(entry))
	}
	return errors
}
