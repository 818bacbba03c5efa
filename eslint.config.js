import tseslint from "typescript-eslint";

// Imports run one way: pages -> components -> lib. tfjs comes through lib/tf.ts alone, nothing comes from a CDN, and
// everything random takes a seed. A later entry replaces an earlier one's rule, so each names all that it bans.
const cdn = {
  regex: "^(npm|jsr|https?):",
  message: "Nothing comes from another host: pin a package and import it by its name."
};
const tfjs = {regex: "^@tensorflow/|/vendor/tf", message: "tfjs comes through lib/tf.ts alone."};
const aboveLib = {
  regex: "/(components|src|tools|test)/|^(d3|d3-[a-z]+|katex|observablehq:.*|@observablehq/.*|node:.*)$",
  message: "lib is for any project: no DOM, no d3, no Observable, no Node, nothing from above it."
};
const page = {
  regex: "\\.md$|/(tools|test|data)/|^(?:\\.\\./)+(?!\\.\\./|lib/|vendor/|[a-z-]+\\.js$)|^node:",
  message: "A component imports components and lib, never a page, a tool or Node."
};

const dynamic = ({regex, message}) => ({
  selector: `ImportExpression[source.value=/${regex.replaceAll("/", "\\u002F")}/]`,
  message
});
const random = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: "Everything random takes a seed: seededRandom of lib/random.ts."
};

/** The rules that ban these imports, static or dynamic, and Math.random unless told otherwise. */
function banned(imports, syntax = [random]) {
  return {
    "no-restricted-imports": ["error", {patterns: imports}],
    "no-restricted-syntax": ["error", ...imports.map(dynamic), ...syntax]
  };
}

const dom = ["document", "window", "localStorage", "sessionStorage", "matchMedia", "requestAnimationFrame"];

export default tseslint.config(
  {
    ignores: [
      "dist",
      ".cache",
      "lib/vendor*",
      "lib/kernels/vendor*",
      "lib/kernels/assembly",
      "src/components/vendor*",
      "src/lib",
      "src/.observablehq"
    ]
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      ...banned([cdn, tfjs]),
      "max-lines": ["error", 300],
      eqeqeq: ["error", "smart"],
      "no-restricted-globals": ["error", "event", "name"],
      "prefer-const": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        {argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true}
      ]
    }
  },
  {
    files: ["**/*.ts"],
    ignores: ["**/*.d.ts"],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": ["error", {allowForKnownSafeCalls: ["describe", "it", "test"]}],
      "@typescript-eslint/no-misused-promises": ["error", {checksVoidReturn: false}],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", {considerDefaultExhaustiveForUnions: true}]
    }
  },
  {
    files: ["lib/**/*.ts"],
    rules: {...banned([cdn, tfjs, aboveLib]), "no-restricted-globals": ["error", ...dom]}
  },
  {files: ["lib/random.ts"], rules: banned([cdn, tfjs, aboveLib], [])},
  {files: ["lib/tf.ts"], rules: banned([cdn, aboveLib])},
  {files: ["tools/bundle-tfjs.ts"], rules: banned([cdn])},
  {files: ["src/components/**/*.ts"], rules: banned([cdn, tfjs, page])}
);
