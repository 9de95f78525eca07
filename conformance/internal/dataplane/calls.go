//go:build linux

package dataplane

import (
	"time"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config/schema/gvk"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
)

// settling is how long a proxy may take to end what a call has begun.
const settling = time.Millisecond

// patience is how long a call may have taken that is made again.
const patience = 500 * time.Millisecond

// callFrom makes every call of a pod's application, one at a time: so what
// passes the router belongs to it.
func (m *mesh) callFrom(p *pod, report *Report) error {
	for _, attempt := range connections.Attempts(m.server, p.workload, p.proxy) {
		if attempt.Unknown != "" {
			report.Skipped[attempt.Unknown]++
			continue
		}
		// Several servers may take a call, so others are made with other requests.
		for _, request := range requests {
			before := time.Now()
			made, err := m.observe(p, attempt, request)
			if err != nil {
				return err
			}
			report.Calls = append(report.Calls, made)
			if time.Since(before) > patience {
				break
			}
		}
	}
	return nil
}

func (m *mesh) observe(p *pod, attempt connections.Attempt, request string) (Call, error) {
	// What an earlier call's connections still have to say isn't this one's.
	time.Sleep(settling)
	if err := m.recorder.await(p.marker); err != nil {
		return Call{}, err
	}
	moment := m.recorder.now()
	arrival, err := p.call(attempt, request)
	made := Call{Client: named(p.workload), Requested: attempt.Requested, Kind: attempt.Kind, Flows: []SeenFlow{}}
	if err := m.recorder.await(p.marker); err != nil {
		return made, err
	}
	if err != nil {
		made.Failed = err.Error()
	} else {
		made.Arrived = m.arrived(arrival)
		made.Returned = arrival.Server == p.ip()
	}
	for _, flow := range m.recorder.since(moment, p.ip()) {
		made.Flows = append(made.Flows, SeenFlow{m.serverAt(flow.Server, flow.Port), flow})
	}
	return made, nil
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

// serverAt is the workload or the machine at an address; nil outside the mesh.
func (m *mesh) serverAt(address string, port int) *connections.ServerPort {
	if p := m.byIP[address]; p != nil {
		return &connections.ServerPort{Workload: named(p.workload), Port: port}
	}
	for _, config := range m.server.Cluster.Configs {
		if entry, isEntry := config.Spec.(*networking.WorkloadEntry); isEntry && config.GroupVersionKind == gvk.WorkloadEntry && entry.Address == address {
			machine := connections.Workload{Kind: gvk.WorkloadEntry.Kind, Namespace: config.Namespace, Name: config.Name}
			return &connections.ServerPort{Workload: machine, Port: port}
		}
	}
	return nil
}
