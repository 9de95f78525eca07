//go:build linux

package dataplane

import (
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
)

// Call is one call that was made, and what was seen of it.
type Call struct {
	Client    connections.Workload  `json:"client"`
	Requested connections.Requested `json:"requested"`
	Kind      string                `json:"kind"`
	// Arrived is what the server's application said; without it the call has
	// failed.
	Arrived *Arrived `json:"arrived,omitempty"`
	// Returned says that it arrived at the pod that made it.
	Returned bool `json:"returned,omitempty"`
	// Failed is what the client's application was told.
	Failed string `json:"failed,omitempty"`
	// Flows are the connections that left the client's pod.
	Flows []SeenFlow `json:"flows"`
}

// Arrived is an arrival at a workload, or outside the mesh.
type Arrived struct {
	connections.ServerPort
	Encrypted         int  `json:"encrypted,omitempty"`
	ClientCertificate bool `json:"clientCertificate,omitempty"`
}

// SeenFlow is a connection to a workload, or to an address outside the mesh.
type SeenFlow struct {
	Server *connections.ServerPort `json:"server"`
	Flow
}

// NotRun is a workload whose proxy couldn't be run, and why.
type NotRun struct {
	connections.Workload
	Why string `json:"why"`
}

// Report is all that was seen of a mesh.
type Report struct {
	ID      string            `json:"id"`
	Calls   []Call            `json:"calls"`
	NotRun  []NotRun          `json:"notRun"`
	Skipped map[string]int    `json:"skipped"`
	Refused []cluster.Refused `json:"refused"`
	// Symptoms are those of the probes.
	Symptoms []Symptoms `json:"symptoms,omitempty"`
	// Convergence is what was seen of one.
	Convergence *Converged `json:"convergence,omitempty"`
	Error       string     `json:"error,omitempty"`
}
