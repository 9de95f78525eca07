// Command connections says what istiod's config generator and Istio's traffic
// simulator make of every connection of a mesh, or of the clients of one state
// of it with the servers of another: it reads one mesh a line (JSON) and prints
// one verdict a line, in the same order.
//
//	connections < meshes.jsonl > verdicts.jsonl
//
// With -flags it prints the variables of its environment that istiod's code
// reads, with their defaults.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiolog"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/jsonl"
)

func main() {
	workers := flag.Int("parallel", runtime.NumCPU(), "how many meshes are judged at a time")
	flags := flag.Bool("flags", false, "print the variables of istiod's environment instead")
	flag.Parse()
	if *flags {
		json.NewEncoder(os.Stdout).Encode(istiod.Flags())
		return
	}
	if err := run(*workers); err != nil {
		fmt.Fprintln(os.Stderr, "connections:", err)
		os.Exit(1)
	}
}

func run(workers int) error {
	// A mesh is short-lived garbage: collect it rarely, within bounds.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(1 << 30)
	stdout, err := istiolog.Silence()
	if err != nil {
		return err
	}
	return jsonl.EachParallel(os.Stdin, stdout, workers, func(line []byte) any { return connections.Judge(line) })
}
