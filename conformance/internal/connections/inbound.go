package connections

import (
	"errors"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	"istio.io/istio/pilot/pkg/simulation"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// probes are what a port's listener takes: each was tried with an HTTP and
// with a TCP call, since TLS alone is in question.
type probes struct {
	plaintext bool
	// mtls is a handshake with the mesh's certificates that the proxy ends.
	mtls bool
	// tls is a handshake that the proxy passes on to the application.
	tls bool
	// ambiguous is set when several filter chains match, which Envoy refuses.
	ambiguous bool
}

// mode puts the probes into Istio's words.
func (p probes) mode() ServerMode {
	switch {
	case p.ambiguous:
		return UnknownMode
	case p.mtls && !p.plaintext:
		return Strict
	case p.mtls:
		return Permissive
	case p.plaintext:
		return Disable
	}
	return UnknownMode
}

// inbound asks a sidecar's inbound listeners, once for each port.
type inbound struct {
	proxy *istiod.Proxy
	ports map[int]probes
}

func newInbound(proxy *istiod.Proxy) *inbound {
	return &inbound{proxy: proxy, ports: map[int]probes{}}
}

func (in *inbound) probe(port int) probes {
	if known, asked := in.ports[port]; asked {
		return known
	}
	var found probes
	for _, protocol := range []simulation.Protocol{simulation.HTTP, simulation.TCP} {
		chain, err := in.call(port, protocol, simulation.Plaintext)
		found.note(err)
		found.plaintext = found.plaintext || chain != nil && err == nil && chain.TransportSocket == nil
		chain, err = in.call(port, protocol, simulation.MTLS)
		found.note(err)
		found.mtls = found.mtls || chain != nil && err == nil && chain.TransportSocket != nil
		chain, err = in.call(port, protocol, simulation.TLS)
		found.note(err)
		found.tls = found.tls || chain != nil && err == nil && chain.TransportSocket == nil
	}
	in.ports[port] = found
	return found
}

func (p *probes) note(err error) {
	p.ambiguous = p.ambiguous || errors.Is(err, simulation.ErrMultipleFilterChain)
}

// call makes one call and gives the filter chain that it met.
func (in *inbound) call(port int, protocol simulation.Protocol, tls simulation.TLSMode) (*listener.FilterChain, error) {
	var met *listener.FilterChain
	result := in.proxy.Run(simulation.Call{
		Address:  in.proxy.Node.IPAddresses[0],
		Port:     port,
		Protocol: protocol,
		TLS:      tls,
		CallMode: simulation.CallModeInbound,
		CustomListenerValidations: []simulation.CustomFilterChainValidation{
			func(chain *listener.FilterChain) error { met = chain; return nil },
		},
	})
	return met, result.Error
}

// outcome says what comes of a client's TLS at this port.
func (p probes) outcome(client ClientTLS) Outcome {
	accepted := func(taken bool, outcome Outcome) Outcome {
		if taken {
			return outcome
		}
		return Broken
	}
	switch client {
	case IstioMutual:
		return accepted(p.mtls, MTLS)
	case Plaintext:
		return accepted(p.plaintext, PlaintextComes)
	case Simple:
		return accepted(p.tls, TLS)
	case Mutual:
		if p.mode() == Strict {
			return Undecided
		}
		return accepted(p.tls, TLS)
	}
	return Undecided
}

// withoutProxy says what comes of a client's TLS where nothing stands before
// the application.
func withoutProxy(client ClientTLS) Outcome {
	switch client {
	case IstioMutual:
		return Broken
	case Plaintext:
		return PlaintextComes
	case Simple, Mutual:
		return TLS
	}
	return Undecided
}
