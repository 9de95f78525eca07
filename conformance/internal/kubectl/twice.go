package kubectl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	goyaml "go.yaml.in/yaml/v2"
	decoders "k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// HasKeyTwice says whether a mapping of the text holds a key twice, or two
// that are one in JSON (1 and "1"): of those kubectl keeps one by chance.
func HasKeyTwice(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	isIn, end := hasKeyTwiceInJSON(text)
	rest := text[end:]
	return isIn || hasKeyTwiceInYAML(rest) || hasKeyTwiceInYAML(bytes.TrimSpace(rest)) || hasKeyTwiceInDocument(text)
}

// hasKeyTwiceInJSON also says where the JSON ends that a text begins with:
// kubectl reads on in YAML, with or without the space between.
func hasKeyTwiceInJSON(text []byte) (bool, int64) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		end := decoder.InputOffset()
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return false, end
		}
		var value any
		if twice, err := kjson.UnmarshalStrict(raw, &value); err == nil && len(twice) > 0 {
			return true, end
		}
	}
}

func hasKeyTwiceInYAML(text []byte) bool {
	reader := decoders.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if err != nil {
			return false
		}
		if hasKeyTwiceInDocument(document) {
			return true
		}
	}
}

// hasKeyTwiceInDocument doesn't use the strict mode, to which what a merge
// brings along stands twice, too.
func hasKeyTwiceInDocument(document []byte) bool {
	var root tree
	var merged any
	return (goyaml.Unmarshal(document, &root) == nil && root.hasKeyTwice) || (goyaml.Unmarshal(document, &merged) == nil && hasNamesakes(merged))
}

// tree is a value with all keys of its mappings, in lists of any depth.
type tree struct {
	hasKeyTwice bool
}

// UnmarshalYAML implements goyaml.Unmarshaler.
func (t *tree) UnmarshalYAML(unmarshal func(any) error) error {
	var items []tree
	// The quoted text '~' is null to goyaml before it asks a type of its own, and
	// then a text that is no tree: it leaves that out, and fails.
	if err := unmarshal(&items); err == nil || len(items) > 0 {
		t.hasKeyTwice = slices.ContainsFunc(items, func(item tree) bool { return item.hasKeyTwice })
		return nil
	}
	var mapping goyaml.MapSlice
	if unmarshal(&mapping) == nil {
		t.hasKeyTwice = hasSameName(mapping)
	}
	return nil
}

// hasSameName compares keys as sigs.k8s.io/yaml names them in JSON.
func hasSameName(value any) bool {
	switch value := value.(type) {
	case goyaml.MapSlice:
		names := map[string]bool{}
		hasZero := false
		for _, item := range value {
			name := nameOf(item.Key)
			if names[name] || (hasZero && isZero(item.Key)) || hasSameName(item.Value) {
				return true
			}
			names[name] = true
			hasZero = hasZero || isZero(item.Key)
		}
	case []any:
		return slices.ContainsFunc(value, hasSameName)
	}
	return false
}

// isZero knows the two keys with names of their own that are one to Go: 0.0
// and -0.0.
func isZero(key any) bool {
	number, isFloat := key.(float64)
	return isFloat && number == 0
}

// hasNamesakes looks at what is left once everything is merged, where Go holds
// keys that it tells apart: two of them may be one in JSON.
func hasNamesakes(value any) bool {
	switch value := value.(type) {
	case map[any]any:
		names := map[string]bool{}
		for key, item := range value {
			name := nameOf(key)
			if names[name] || hasNamesakes(item) {
				return true
			}
			names[name] = true
		}
	case []any:
		return slices.ContainsFunc(value, hasNamesakes)
	}
	return false
}

// nameOf gives the name of a key in JSON, by the code that gives it, as a
// reader of the JSON sees it.
func nameOf(key any) string {
	if number, isFloat := key.(float64); isFloat && number == 0 && math.Signbit(number) {
		return "-0" // written, it would become an integer
	}
	written, err := goyaml.Marshal(map[any]any{key: nil})
	if err != nil {
		return fmt.Sprint(key)
	}
	var object map[string]any
	if err := yaml.Unmarshal(written, &object); err != nil {
		return fmt.Sprint(key)
	}
	for name := range object {
		return name
	}
	return fmt.Sprint(key)
}
