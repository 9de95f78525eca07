package connections

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/kube"
	"istio.io/istio/pilot/pkg/serviceregistry/provider"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/protocol"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// kind is how an application talks on a port.
type kind string

const (
	httpCall kind = "http"
	tcpCall  kind = "tcp"
	tlsCall  kind = "tls"
)

// elsewhere is an address that no service and no pod of a mesh has: where a
// name leads that only the world's DNS knows.
const elsewhere = "203.0.113.1"

// call is what any application may ask for: a host and a port.
type call struct {
	Requested
	services  []*model.Service
	kinds     []kind
	addresses []string
}

// service is the one that the call names.
func (c *call) service() Service {
	return serviceNamed(c.services[0], c.Port, "")
}

func serviceNamed(service *model.Service, port int, subset string) Service {
	name := service.Attributes.Name
	if service.Attributes.ServiceRegistry == provider.External {
		name = service.Attributes.K8sAttributes.ObjectName
	}
	return Service{
		Namespace: service.Attributes.Namespace,
		Name:      name,
		Host:      string(service.Hostname),
		Port:      port,
		Subset:    subset,
	}
}

// header is the name that an HTTP or TLS call bears, as Envoy compares it:
// without case, which the simulator doesn't know.
func (c *call) header() string {
	if rest, wildcard := strings.CutPrefix(c.Host, "*"); wildcard {
		return "any" + strings.ToLower(rest)
	}
	return strings.ToLower(c.Host)
}

// nowhere says that no manifest tells where the host's name leads: only a
// ServiceEntry knows it, and neither as a name of the world's DNS nor of the
// cluster's.
func (c *client) nowhere(made *call) bool {
	if _, known := c.server.Cluster.Lookup(made.Host, c.workload.Namespace); known {
		return false
	}
	return slices.ContainsFunc(made.services, func(s *model.Service) bool {
		entry := s.Attributes.ServiceRegistry == provider.External
		worldly := s.MeshExternal && s.Resolution != model.ClientSideLB && len(s.Attributes.LabelSelectors) == 0 &&
			s.DefaultAddress == constants.UnspecifiedIP
		return entry && !worldly
	})
}

// calls lists every host and port of every service, visible to anyone or not.
func calls(server *istiod.Server) []*call {
	var all []*call
	known := map[Requested]*call{}
	for _, service := range allServices(server) {
		for _, port := range service.Ports {
			if port.Protocol == protocol.UDP || isSCTP(server, service, port) {
				continue
			}
			requested := Requested{Host: string(service.Hostname), Port: port.Port}
			c := known[requested]
			if c == nil {
				c = &call{Requested: requested}
				known[requested] = c
				all = append(all, c)
			}
			c.services = append(c.services, service)
			c.kinds = append(c.kinds, kindsOf(port.Protocol)...)
			c.addresses = append(c.addresses, addressesOf(server, service, port.Port)...)
		}
	}
	for _, c := range all {
		slices.Sort(c.kinds)
		c.kinds = slices.Compact(c.kinds)
		slices.Sort(c.addresses)
		c.addresses = slices.Compact(c.addresses)
	}
	return all
}

// isSCTP says that a Service's port is for neither TCP, which istiod takes it
// for, nor UDP.
func isSCTP(server *istiod.Server, service *model.Service, port *model.Port) bool {
	known := server.Cluster.ServiceOfHost(string(service.Hostname))
	return known != nil && service.Attributes.ServiceRegistry == provider.Kubernetes &&
		slices.ContainsFunc(known.Spec.Ports, func(own corev1.ServicePort) bool {
			return own.Name == port.Name && own.Protocol == corev1.ProtocolSCTP
		})
}

// allServices adds to istiod's those that lie in namespaces it doesn't watch.
func allServices(server *istiod.Server) []*model.Service {
	all := slices.Clone(server.Services())
	known := map[string]bool{}
	for _, service := range all {
		if service.Attributes.ServiceRegistry == provider.Kubernetes {
			known[string(service.Hostname)] = true
		}
	}
	for _, service := range server.Cluster.Services {
		if !known[service.Host()] {
			all = append(all, kube.ConvertService(*service.Service, nil, server.Cluster.Domain, constants.DefaultClusterName, ""))
		}
	}
	for _, config := range server.Cluster.Unwatched {
		if entry, isEntry := config.Spec.(*networking.ServiceEntry); isEntry {
			all = append(all, servicesOf(config, entry)...)
		}
	}
	return model.SortServicesByCreationTime(all)
}

var resolutions = map[networking.ServiceEntry_Resolution]model.Resolution{
	networking.ServiceEntry_NONE:            model.Passthrough,
	networking.ServiceEntry_STATIC:          model.ClientSideLB,
	networking.ServiceEntry_DNS:             model.DNSLB,
	networking.ServiceEntry_DNS_ROUND_ROBIN: model.DNSRoundRobinLB,
	networking.ServiceEntry_DYNAMIC_DNS:     model.DynamicDNS,
}

// servicesOf makes of a ServiceEntry what istiod would, as far as callers know
// it.
func servicesOf(config config.Config, entry *networking.ServiceEntry) []*model.Service {
	var ports model.PortList
	for _, port := range entry.Ports {
		ports = append(ports, &model.Port{Name: port.Name, Port: int(port.Number), Protocol: protocol.Parse(port.Protocol)})
	}
	addresses := entry.Addresses
	if len(addresses) == 0 {
		addresses = []string{constants.UnspecifiedIP}
	}
	var services []*model.Service
	for _, name := range entry.Hosts {
		for _, address := range addresses {
			service := &model.Service{
				CreationTime:   config.CreationTimestamp,
				Hostname:       host.Name(name),
				DefaultAddress: address,
				Ports:          ports,
				MeshExternal:   entry.Location == networking.ServiceEntry_MESH_EXTERNAL,
				Resolution:     resolutions[entry.Resolution],
			}
			service.Attributes.ServiceRegistry = provider.External
			service.Attributes.Name = name
			service.Attributes.Namespace = config.Namespace
			service.Attributes.K8sAttributes.ObjectName = config.Name
			if entry.WorkloadSelector != nil {
				service.Attributes.LabelSelectors = map[string]string{}
				maps.Copy(service.Attributes.LabelSelectors, entry.WorkloadSelector.Labels)
			}
			services = append(services, service)
		}
	}
	return services
}

func kindsOf(p protocol.Instance) []kind {
	switch {
	case p.IsHTTP():
		return []kind{httpCall}
	case p.IsTLS():
		return []kind{tlsCall}
	case p.IsTCP():
		return []kind{tcpCall}
	}
	return []kind{httpCall, tcpCall}
}

// addressesOf are those that the host resolves to: none for a headless service
// without pods, elsewhere when no manifest holds them.
func addressesOf(server *istiod.Server, service *model.Service, port int) []string {
	if addresses, known := server.Cluster.Resolve(string(service.Hostname)); known {
		return addresses
	}
	if own := service.DefaultAddress; own != constants.UnspecifiedIP && own != "" {
		if cidr, err := netip.ParsePrefix(own); err == nil {
			return addressesIn(server, cidr)
		}
		return []string{own}
	}
	if service.Resolution == model.Passthrough {
		if addresses := instances(server, service, port); len(addresses) > 0 {
			return addresses
		}
	}
	return []string{elsewhere}
}

// addressesIn are those of a range that a call may go to: each that a manifest
// says somebody has, and one that nobody has.
func addressesIn(server *istiod.Server, cidr netip.Prefix) []string {
	taken := map[netip.Addr]bool{}
	var narrower []netip.Prefix
	for _, service := range allServices(server) {
		if prefix, err := netip.ParsePrefix(service.DefaultAddress); err == nil && prefix.Bits() > cidr.Bits() && cidr.Contains(prefix.Addr()) {
			narrower = append(narrower, prefix)
		}
	}
	var addresses []string
	for _, own := range server.Cluster.KnownAddresses() {
		if address, err := netip.ParseAddr(own); err == nil && cidr.Contains(address) && !taken[address] {
			taken[address] = true
			addresses = append(addresses, own)
		}
	}
	for address := cidr.Addr().Next(); cidr.Contains(address); address = address.Next() {
		isNarrower := slices.ContainsFunc(narrower, func(prefix netip.Prefix) bool { return prefix.Contains(address) })
		if !taken[address] && !isNarrower {
			return append(addresses, address.String())
		}
	}
	return addresses
}

func instances(server *istiod.Server, service *model.Service, port int) []string {
	var addresses []string
	for _, endpoint := range server.PushContext().ServiceEndpointsByPort(service, port, nil) {
		if _, err := netip.ParseAddr(endpoint.FirstAddressOrNil()); err == nil {
			addresses = append(addresses, endpoint.FirstAddressOrNil())
		}
	}
	selectsPods := service.Attributes.ServiceRegistry == provider.Kubernetes || features.EnableServiceEntrySelectPods
	if len(addresses) == 0 && service.Attributes.LabelSelectors != nil {
		return server.Cluster.Selected(service.Attributes.Namespace, service.Attributes.LabelSelectors, selectsPods)
	}
	return addresses
}
