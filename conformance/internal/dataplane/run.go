//go:build linux

// Package dataplane runs meshes for real: each pod in a network namespace of
// its own, with the rules of Istio's iptables program and an Envoy configured
// by istiod, and makes every call of the mesh.
package dataplane

import (
	"encoding/json"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// Mesh is one mesh to be run.
type Mesh struct {
	ID      string            `json:"id"`
	Objects []json.RawMessage `json:"objects"`
	cluster.Facts
	// Replicas says that workloads run a second pod where they run several; only
	// the first makes calls. Otherwise each runs one.
	Replicas bool `json:"replicas"`
	// Probes are made instead of all calls.
	Probes []Probe `json:"probes"`
	// Convergence is made instead of all calls, too.
	Convergence *Convergence `json:"convergence"`
	Setup
}

// Setup is what isn't as usual in a mesh.
type Setup struct {
	// Certificates are those of workloads that aren't valid, by namespace and
	// name: expired, foreign (of an authority that the mesh doesn't trust).
	Certificates map[string]string `json:"certificates"`
	// Ends is how much TLS an application ends at most; nothing: any.
	Ends *int `json:"ends"`
	// Records says that of each probe the records of its TLS are told, too.
	Records bool `json:"records"`
	// Counters says that of each probe the counters of both proxies are told, too.
	Counters bool `json:"counters"`
	// Closed are ports on which no application listens.
	Closed []int `json:"closed"`
	// ServerTLS is the greatest version of TLS that servers take, in Envoy's
	// words; nothing: what istiod says.
	ServerTLS string `json:"serverTls"`
	// Pooled are ports of services to which proxies that watch files keep their
	// connections, as istiod says: to others they make one for each request.
	Pooled []int `json:"pooled"`
	// Issued is what workloads get of their CA in each of its states, by
	// namespace and name, the first of which proxies start with; only renewals
	// are made then. Nothing: an authority made for the run signs for all.
	Issued []map[string]Issued `json:"issued"`
}

// Runner runs meshes with one Envoy binary.
type Runner struct{ Envoy string }

// Run reads a mesh from a line of JSON and runs it.
func (r *Runner) Run(line []byte) Report {
	var mesh Mesh
	if err := json.Unmarshal(line, &mesh); err != nil {
		return Report{Error: err.Error()}
	}
	report := Report{ID: mesh.ID, Calls: []Call{}, NotRun: []NotRun{}, Skipped: map[string]int{}}
	mesh.Facts.OnePod = !mesh.Replicas
	made, err := cluster.New(mesh.Objects, mesh.Facts)
	if err == nil {
		report.Refused = append([]cluster.Refused{}, made.Refused...)
		err = istiod.With(made, made, func(server, _ *istiod.Server) error {
			if mesh.Convergence != nil {
				return r.converge(server, &mesh, &report)
			}
			return r.run(server, &mesh, &report)
		})
	}
	if err != nil {
		report.Error = err.Error()
	}
	return report
}

func (r *Runner) run(server *istiod.Server, asked *Mesh, report *Report) error {
	m, err := r.start(server, asked.Setup, false)
	if err != nil {
		return err
	}
	defer m.close()
	for _, probe := range asked.Probes {
		seen, err := m.probe(probe)
		if err != nil {
			return err
		}
		report.Symptoms = append(report.Symptoms, seen)
	}
	if len(asked.Probes) > 0 {
		return nil
	}
	for _, p := range m.pods {
		if p.unable != "" {
			report.NotRun = append(report.NotRun, NotRun{named(p.workload), p.unable})
			continue
		}
		if !p.calls() {
			continue
		}
		if err := m.callFrom(p, report); err != nil {
			return err
		}
	}
	return nil
}
