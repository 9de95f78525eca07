// Command webhook answers as istiod's validating webhook would: it reads one
// Kubernetes object a line (JSON) and prints one verdict a line.
//
//	webhook < objects.jsonl > verdicts.jsonl
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/admission"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiolog"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/jsonl"
)

func main() {
	domain := flag.String("domain", "cluster.local", "the cluster's DNS suffix")
	flush := flag.Bool("flush", false, "answer each line before reading the next")
	flag.Parse()
	if err := run(*domain, *flush); err != nil {
		fmt.Fprintln(os.Stderr, "webhook:", err)
		os.Exit(1)
	}
}

func run(domain string, flush bool) error {
	stdout, err := istiolog.Silence()
	if err != nil {
		return err
	}
	webhook, err := admission.NewWebhook(domain)
	if err != nil {
		return err
	}
	return jsonl.Each(os.Stdin, stdout, flush, func(line []byte) any {
		return webhook.Judge(line)
	})
}
