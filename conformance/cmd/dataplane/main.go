//go:build linux

// Command dataplane runs meshes for real and says what it saw: it reads one
// mesh a line (JSON) and prints one report a line. It needs root, iproute2
// and iptables.
//
//	dataplane -envoy FILE < meshes.jsonl > reports.jsonl
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/dataplane"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiolog"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/jsonl"
)

func main() {
	envoy := flag.String("envoy", "", "the binary of upstream Envoy")
	parallel := flag.Int("parallel", 2, "how many meshes run at a time")
	flag.Parse()
	if err := run(*envoy, *parallel); err != nil {
		fmt.Fprintln(os.Stderr, "dataplane:", err)
		os.Exit(1)
	}
}

func run(envoy string, parallel int) error {
	stdout, err := istiolog.Silence()
	if err != nil {
		return err
	}
	runner := &dataplane.Runner{Envoy: envoy}
	return jsonl.EachParallel(os.Stdin, stdout, parallel, func(line []byte) any { return runner.Run(line) })
}
