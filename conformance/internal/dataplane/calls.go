//go:build linux

package dataplane

import (
	"time"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
)

// settling is how long the router's packets may take to be read.
const settling = 3 * time.Millisecond

// repeats is how often a call is made, since several servers may take it.
const repeats = 3

// patience is how long a call may have taken that is made again.
const patience = 500 * time.Millisecond

// callFrom makes every call of a pod's application, one at a time: so what
// passes the router belongs to it.
func (m *mesh) callFrom(p *pod, report *Report) {
	for _, attempt := range connections.Attempts(m.server, p.workload, p.proxy) {
		if attempt.Unknown != "" {
			report.Skipped[attempt.Unknown]++
			continue
		}
		for range repeats {
			before := time.Now()
			report.Calls = append(report.Calls, m.observe(p, attempt))
			if time.Since(before) > patience {
				break
			}
		}
	}
}

func (m *mesh) observe(p *pod, attempt connections.Attempt) Call {
	moment := m.recorder.now()
	arrival, err := p.call(attempt.Kind, attempt.Address, attempt.Port, attempt.Name)
	time.Sleep(settling)
	made := Call{Client: named(p.workload), Requested: attempt.Requested, Kind: attempt.Kind, Flows: []SeenFlow{}}
	if err != nil {
		made.Failed = err.Error()
	} else {
		made.Arrived = m.arrived(arrival)
	}
	for _, flow := range m.recorder.since(moment, p.workload.IP()) {
		made.Flows = append(made.Flows, SeenFlow{m.serverAt(flow.Server, flow.Port), flow})
	}
	return made
}

func (m *mesh) arrived(arrival *Arrival) *Arrived {
	found := &Arrived{Encrypted: arrival.Encrypted, ClientCertificate: arrival.ClientCertificate}
	if server := m.serverAt(arrival.Server, arrival.Port); server != nil {
		found.ServerPort = *server
	} else {
		found.ServerPort = connections.ServerPort{Port: arrival.Port}
	}
	return found
}

// serverAt is the workload at an address; nil outside the mesh.
func (m *mesh) serverAt(address string, port int) *connections.ServerPort {
	if p := m.byIP[address]; p != nil {
		return &connections.ServerPort{Workload: named(p.workload), Port: port}
	}
	return nil
}
