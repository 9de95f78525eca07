// Command served says what a running istiod serves to sidecars: it reads one
// proxy a line (JSON) and prints one answer a line.
//
//	served ADDRESS < proxies.jsonl > answers.jsonl
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/jsonl"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/served"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: served ADDRESS")
		os.Exit(2)
	}
	err := jsonl.Each(os.Stdin, os.Stdout, true, func(line []byte) any {
		var proxy served.Proxy
		if err := json.Unmarshal(line, &proxy); err != nil {
			return served.Answer{Error: err.Error()}
		}
		return served.Ask(os.Args[1], proxy)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "served:", err)
		os.Exit(1)
	}
}
