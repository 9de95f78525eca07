// Command yaml says what kubectl reads in a text, or istiod in the text of a
// mesh config: it reads one text a line, a JSON string, and prints one reading
// a line.
//
//	yaml < texts.jsonl > readings.jsonl
//	yaml -as istiod < texts.jsonl > values.jsonl
//	yaml -as twice < texts.jsonl > whether-a-key-stands-twice.jsonl
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"sigs.k8s.io/yaml"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/jsonl"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/kubectl"
)

// checkedEach is how many texts there are for one that is also written to a
// file and read from there, which takes longer than all else.
const checkedEach = 16

func main() {
	as := flag.String("as", "kubectl", "who reads: kubectl, istiod, or twice")
	flag.Parse()
	if err := run(*as); err != nil {
		fmt.Fprintln(os.Stderr, "yaml:", err)
		os.Exit(1)
	}
}

func run(as string) error {
	workers := runtime.GOMAXPROCS(0)
	switch as {
	case "istiod":
		return jsonl.EachParallel(os.Stdin, os.Stdout, workers, withText(asIstiod))
	case "twice":
		return jsonl.EachParallel(os.Stdin, os.Stdout, workers, withText(func(text []byte) any { return kubectl.HasKeyTwice(text) }))
	case "kubectl":
		folder, err := os.MkdirTemp("", "yaml-")
		if err != nil {
			return fmt.Errorf("making a folder for texts: %w", err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		whole, err := kubectl.NewWhole(folder, workers)
		if err != nil {
			return err
		}
		return jsonl.EachParallel(os.Stdin, os.Stdout, workers, withText(asKubectl(whole)))
	default:
		return fmt.Errorf("-as is %q; expected kubectl, istiod or twice", as)
	}
}

// failure is the answer where there is no reading: the reader panics, or the
// line holds no text.
type failure struct {
	Panic string `json:"panic"`
}

func withText(answer func(text []byte) any) func(line []byte) any {
	return func(line []byte) (answered any) {
		defer func() {
			if reason := recover(); reason != nil {
				answered = failure{fmt.Sprint(reason)}
			}
		}()
		var text string
		if err := json.Unmarshal(line, &text); err != nil {
			panic(err)
		}
		return answer([]byte(text))
	}
}

// checked is a reading, and how kubectl's own way from file to objects differs
// from it: never, or the referee is wrong.
type checked struct {
	kubectl.Reading
	Wrong string `json:"wrong,omitempty"`
}

func asKubectl(whole *kubectl.Whole) func(text []byte) any {
	var texts atomic.Int64
	return func(text []byte) any {
		reading := kubectl.Read(text)
		if texts.Add(1)%checkedEach != 1 {
			return checked{Reading: reading}
		}
		if err := whole.Check(text, reading); err != nil {
			return checked{reading, err.Error()}
		}
		return checked{Reading: reading}
	}
}

// value is what istiod gets of a text before it looks for fields.
type value struct {
	Value string `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

func asIstiod(text []byte) any {
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		return value{Error: err.Error()}
	}
	return value{Value: string(json)}
}
