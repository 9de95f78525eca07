package connections

import (
	"net"
	"slices"
	"strconv"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// Attempt is one call that an application may make, to one of the addresses
// that the host has for it and that aren't its own.
type Attempt struct {
	Requested
	// Kind is how the application talks: http, tcp or tls.
	Kind    string
	Address string
	// Name is what an HTTP call bears as its host, and a TLS call as the
	// server's name.
	Name string
	// Unknown says why the host may lead this client elsewhere.
	Unknown string
}

// Attempts lists every call that a workload may make; its proxy is nil where
// it has no sidecar.
func Attempts(server *istiod.Server, workload *cluster.Workload, proxy *istiod.Proxy) []Attempt {
	c := &client{workload: workload, server: server, proxy: proxy}
	var all []Attempt
	for _, made := range calls(server) {
		unknown := c.ownNames(made.Host)
		if c.nowhere(made) {
			unknown = firstOf(unknown, "no manifest says where the host's name leads")
		}
		for _, address := range c.addressesOf(made) {
			if address == workload.IP() {
				continue
			}
			for _, kind := range made.kinds {
				all = append(all, Attempt{made.Requested, string(kind), address, made.header(), unknown})
			}
		}
	}
	return all
}

// PortsOf are the ports on which a workload may be called: those that its
// containers and the policies name, and those of all services, since a name
// may lead to the pods of another.
func PortsOf(server *istiod.Server, workload *cluster.Workload) []int {
	ports := (&servers{server: server}).portsOf(workload, policedPorts(server.Cluster)[workload.Namespace])
	for _, made := range calls(server) {
		ports = append(ports, made.Port)
	}
	for _, config := range server.Cluster.Configs {
		if sidecar, isSidecar := config.Spec.(*networking.Sidecar); isSidecar {
			for _, ingress := range sidecar.Ingress {
				if _, port, err := net.SplitHostPort(ingress.DefaultEndpoint); err == nil {
					number, _ := strconv.Atoi(port)
					ports = append(ports, number)
				}
			}
		}
	}
	for _, service := range server.Cluster.Services {
		for _, port := range service.Ports {
			for _, endpoint := range port.Endpoints {
				ports = append(ports, endpoint.Port)
			}
		}
	}
	slices.Sort(ports)
	return slices.DeleteFunc(slices.Compact(ports), func(port int) bool { return slices.Contains(istioPorts, port) })
}
