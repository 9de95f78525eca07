// Command ca says what istiod makes of the files of a CA: it reads one CA a
// line (JSON, the files by name) and prints one answer a line.
//
//	ca < cas.jsonl > answers.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"istio.io/istio/security/pkg/pki/ca"
	"istio.io/istio/security/pkg/pki/util"
)

// answer says whether istiod starts with a CA, and whether it signs with it.
type answer struct {
	// Refused says why istiod does not start.
	Refused string `json:"refused,omitempty"`
	// Unsigned says why it signs no workload's certificate.
	Unsigned string `json:"unsigned,omitempty"`
	// Signed is a workload's certificate, followed by what its proxy sends with it.
	Signed string `json:"signed,omitempty"`
}

func main() {
	folder, err := os.MkdirTemp("", "ca")
	if err != nil {
		fmt.Fprintln(os.Stderr, "ca:", err)
		os.Exit(1)
	}
	err = judgeAll(folder)
	os.RemoveAll(folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ca:", err)
		os.Exit(1)
	}
}

// longestLine is more than what the four texts of a Secret come to in base64.
const longestLine = 16 << 20

func judgeAll(folder string) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(judge(folder, lines.Bytes())); err != nil {
			return err
		}
	}
	return lines.Err()
}

// judge does what createIstioCA of istio.io/istio/pilot/pkg/bootstrap does with a CA that is plugged in.
func judge(folder string, line []byte) answer {
	var files map[string][]byte
	if err := json.Unmarshal(line, &files); err != nil {
		return answer{Refused: err.Error()}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(name)), content, 0o600); err != nil {
			return answer{Refused: err.Error()}
		}
	}
	options, err := ca.NewPluggedCertIstioCAOptions(bundle(folder, files), 24*time.Hour, 90*24*time.Hour, 2048)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	istioCA, err := ca.NewIstioCA(options)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	csr, _, err := util.GenCSR(util.CertOptions{Host: "spiffe://cluster.local/ns/shop/sa/web", ECSigAlg: util.EcdsaSigAlg})
	if err != nil {
		return answer{Refused: err.Error()}
	}
	signed, err := istioCA.SignWithCertChain(csr, ca.CertOpts{SubjectIDs: []string{"spiffe://cluster.local/ns/shop/sa/web"}})
	if err != nil {
		return answer{Unsigned: err.Error()}
	}
	return answer{Signed: strings.Join(signed, "")}
}

func bundle(folder string, files map[string][]byte) ca.SigningCAFileBundle {
	path := func(name string) string { return filepath.Join(folder, name) }
	if _, isTLS := files[ca.TLSSecretCACertFile]; isTLS {
		return ca.SigningCAFileBundle{
			RootCertFile:    path(ca.TLSSecretRootCertFile),
			CertChainFiles:  []string{path(ca.TLSSecretCACertFile), path(ca.TLSSecretRootCertFile)},
			SigningCertFile: path(ca.TLSSecretCACertFile),
			SigningKeyFile:  path(ca.TLSSecretCAPrivateKeyFile),
		}
	}
	// The flag PILOT_ENABLE_CA_CRL, by which istiod looks for it, is on unless somebody turns it off.
	crlFile := ""
	if _, isThere := files[ca.CACRLFile]; isThere {
		crlFile = path(ca.CACRLFile)
	}
	return ca.SigningCAFileBundle{
		RootCertFile:    path(ca.RootCertFile),
		CertChainFiles:  []string{path(ca.CertChainFile)},
		SigningCertFile: path(ca.CACertFile),
		SigningKeyFile:  path(ca.CAPrivateKeyFile),
		CRLFile:         crlFile,
	}
}
