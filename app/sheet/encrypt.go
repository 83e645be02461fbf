package sheet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strconv"
	"unicode/utf16"
)

// A workbook with a password, as Excel itself writes one since 2013: "agile"
// encryption of [MS-OFFCRYPTO], AES-256 in CBC mode under a random key, that key
// under SHA-512 over the password 100,000 times, and an HMAC over the whole. The
// library that reads our workbooks can write only the older kind (AES-128 in ECB
// mode, SHA-1, nothing that notices a change), which is why this is here.
const encryptSpins = 100_000

var (
	blockVerifierIn  = []byte{0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79}
	blockVerifierOut = []byte{0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E}
	blockSecretKey   = []byte{0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6}
	blockHMACKey     = []byte{0x5F, 0xB2, 0xAD, 0x01, 0x0C, 0xB9, 0xE1, 0xF6}
	blockHMACValue   = []byte{0xA0, 0x67, 0x7F, 0x02, 0xB2, 0x2C, 0x84, 0x33}
)

// Encrypt wraps a finished workbook so that Excel, WPS and LibreOffice open it
// with the password alone. Nothing of it is readable without.
func Encrypt(w io.Writer, workbook []byte, password string) error {
	var random [16 + 16 + 16 + 32 + 64]byte
	_, _ = rand.Read(random[:]) // never fails
	keySalt, dataSalt, verifier, secret, macKey := random[:16], random[16:32], random[32:48], random[48:80], random[80:]

	pkg := binary.LittleEndian.AppendUint64(nil, uint64(len(workbook)))
	for i := 0; i*4096 < len(workbook); i++ {
		part := workbook[i*4096 : min((i+1)*4096, len(workbook))]
		pkg = append(pkg, cbc(secret, ivOf(dataSalt, binary.LittleEndian.AppendUint32(nil, uint32(i))), part)...) //nolint:gosec // far below 2^32 parts
	}
	mac := hmac.New(sha512.New, macKey)
	mac.Write(pkg)

	h := spun(keySalt, password)
	b64 := base64.StdEncoding.EncodeToString
	under := func(block, plain []byte) string { return b64(cbc(keyOf(h, block), keySalt, plain)) }
	hashed := sha512.Sum512(verifier)
	const attrs = `saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="`
	info := []byte{4, 0, 4, 0, 0x40, 0, 0, 0}
	info = append(info, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\r\n"+
		`<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password" xmlns:c="http://schemas.microsoft.com/office/2006/keyEncryptor/certificate">`+
		`<keyData `+attrs+b64(dataSalt)+`"/>`+
		`<dataIntegrity encryptedHmacKey="`+b64(cbc(secret, ivOf(dataSalt, blockHMACKey), macKey))+`" encryptedHmacValue="`+b64(cbc(secret, ivOf(dataSalt, blockHMACValue), mac.Sum(nil)))+`"/>`+
		`<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><p:encryptedKey spinCount="`+strconv.Itoa(encryptSpins)+`" `+attrs+b64(keySalt)+
		`" encryptedVerifierHashInput="`+under(blockVerifierIn, verifier)+`" encryptedVerifierHashValue="`+under(blockVerifierOut, hashed[:])+
		`" encryptedKeyValue="`+under(blockSecretKey, secret)+`"/></keyEncryptor></keyEncryptors></encryption>`...)
	if _, err := w.Write(compoundFile([]cfbStream{{"EncryptionInfo", info}, {"EncryptedPackage", pkg}})); err != nil {
		return writeFault(err)
	}
	return nil
}

// spun is the password's hash, made dear.
func spun(salt []byte, password string) []byte {
	b := append([]byte(nil), salt...)
	for _, c := range utf16.Encode([]rune(password)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	h := sha512.Sum512(b)
	var in [4 + sha512.Size]byte
	for i := range uint32(encryptSpins) {
		binary.LittleEndian.PutUint32(in[:4], i)
		copy(in[4:], h[:])
		h = sha512.Sum512(in[:])
	}
	return h[:]
}

func keyOf(h, block []byte) []byte {
	k := sha512.Sum512(append(append([]byte(nil), h...), block...))
	return k[:32]
}

func ivOf(salt, block []byte) []byte {
	iv := sha512.Sum512(append(append([]byte(nil), salt...), block...))
	return iv[:16]
}

// cbc encrypts whole blocks; what is missing of the last is zeros.
func cbc(key, iv, plain []byte) []byte {
	out := make([]byte, (len(plain)+15)/16*16)
	copy(out, plain)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // a key of 32 bytes
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out
}
