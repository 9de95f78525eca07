// Package kubectl reads texts as kubectl reads what `-f` names: every step is
// taken by the code of k8s.io/cli-runtime and k8s.io/apimachinery.
package kubectl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// peekedBytes is how far kubectl looks for the brace that begins JSON.
const peekedBytes = 4096

// Reading is what kubectl makes of a text: the documents, and the error that
// ended the reading, if any. JSON is given as text, so that no number changes.
type Reading struct {
	Documents []Document `json:"documents"`
	Error     string     `json:"error,omitempty"`
}

// Document is one document that isn't null: its value, and the objects that
// would be sent, or why none are (no kind, metadata of other types, …).
type Document struct {
	Value   string   `json:"value"`
	Objects []string `json:"objects"`
	Error   string   `json:"error,omitempty"`
}

// Read reads one text. It panics where kubectl would.
func Read(text []byte) Reading {
	reading := Reading{Documents: []Document{}}
	values, err := documents(text)
	for _, value := range values {
		objects, err := objectsOf(value)
		reading.Documents = append(reading.Documents, Document{Value: string(value), Objects: objects, Error: words(err)})
	}
	reading.Error = words(err)
	return reading
}

// documents is the loop of cli-runtime's FileVisitor and StreamVisitor, which
// keep what they read to themselves; whole.go holds it to theirs.
func documents(text []byte) ([][]byte, error) {
	utf16bom := unicode.BOMOverride(unicode.UTF8.NewDecoder())
	decoder := yaml.NewYAMLOrJSONDecoder(transform.NewReader(bytes.NewReader(text), utf16bom), peekedBytes)
	var values [][]byte
	for {
		extension := runtime.RawExtension{}
		if err := decoder.Decode(&extension); err != nil {
			if errors.Is(err, io.EOF) {
				return values, nil
			}
			return values, err
		}
		raw := bytes.TrimSpace(extension.Raw)
		if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
			values = append(values, raw)
		}
	}
}

func words(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func encoded(object any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return "", fmt.Errorf("writing an object as JSON: %w", err)
	}
	return string(bytes.TrimSpace(text.Bytes())), nil
}
