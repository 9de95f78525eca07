package istiod

import (
	"fmt"
	"strconv"
	"sync"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/env"
)

// flags are the variables of istiod's environment that a mesh may set: those
// that change what is judged, and some that shouldn't.
var flags = map[string]*bool{
	"ENABLE_ENHANCED_DESTINATIONRULE_MERGE":              &features.EnableEnhancedDestinationRuleMerge,
	"ENABLE_LAZY_SIDECAR_EVALUATION":                     &features.EnableLazySidecarEvaluation,
	"ENABLE_TLS_ON_SIDECAR_INGRESS":                      &features.EnableTLSOnSidecarIngress,
	"PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE": &features.EnableSidecarServiceInboundListenerMerge,
	"PILOT_DISABLE_MX_ALPN":                              &features.DisableMxALPN,
	"PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN":            &features.EnableAbsoluteFqdnVhostDomain,
	"PILOT_ENABLE_ALPN_FILTER":                           &features.ALPNFilter,
	"PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES":             &features.EnableEDSForHeadless,
	"PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES":           &features.EnableK8SServiceSelectWorkloadEntries,
	"PILOT_ENABLE_METADATA_EXCHANGE":                     &features.MetadataExchange,
	"PILOT_ENABLE_MYSQL_FILTER":                          &features.EnableMysqlFilter,
	"PILOT_ENABLE_REDIS_FILTER":                          &features.EnableRedisFilter,
	"PILOT_ENABLE_ROUTE_COLLAPSE_OPTIMIZATION":           &features.EnableRouteCollapse,
	"PILOT_ENABLE_SERVICEENTRY_SELECT_PODS":              &features.EnableServiceEntrySelectPods,
	"PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE":          &features.SidecarPickBestServiceNamespace,
	"PILOT_SKIP_VALIDATE_TRUST_DOMAIN":                   &features.SkipValidateTrustDomain,
	"PILOT_UNIFIED_SIDECAR_SCOPE":                        &features.UnifiedSidecarScoping,
	"PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES":   &features.PreferDestinationRulesTLSForExternalServices,
}

// Flags are the variables of its environment that istiod's code reads, with
// their defaults.
func Flags() map[string]string {
	all := map[string]string{}
	for _, variable := range env.VarDescriptions() {
		all[variable.Name] = variable.DefaultValue
	}
	return all
}

// set keeps meshes apart that set flags: they are the whole process'.
var set sync.RWMutex

// under calls use while istiod's flags are as given.
func under(given map[string]string, use func() error) error {
	if len(given) == 0 {
		set.RLock()
		defer set.RUnlock()
		return use()
	}
	set.Lock()
	defer set.Unlock()
	for name, text := range given {
		flag, known := flags[name]
		if !known {
			return fmt.Errorf("istiod's flag %s isn't one that a mesh may set", name)
		}
		value, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("reading istiod's flag %s: %w", name, err)
		}
		defer func(before bool) { *flag = before }(*flag)
		*flag = value
	}
	return use()
}
